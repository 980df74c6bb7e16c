"""The digest's part of a story: due or not and why, promised when, what was news, what was chosen."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from digest.mail.story.facts import Facts
from digest.mail.story.sentence import Sentence, counted, ended, utc
from digest.models import Digest, DigestItem, IngestRun
from subscriptions import schedule
from subscriptions.models import Subscriber

BUILDS_WITHIN = timedelta(minutes=12)  # a sweep sets going again what a dead worker left behind
NOT_KEPT = "Former preferences are not kept, so this is told by the present ones."


def planning(*, known: Facts) -> Iterator[Sentence]:
    """Tell whether a digest of the day was promised, and if not, why not."""
    reader, digest = known.reader, known.digest
    if reader is None:
        return
    if digest is not None:
        yield Sentence(at=digest.planned_at, words=f"The digest of {_day(known)} was planned.")
        return
    yield Sentence(at=_moment(known), words=_why_not_planned(reader, known))


def building(*, known: Facts) -> Iterator[Sentence]:
    """Tell what went into the digest, or why nothing did, and which sources were down."""
    digest = known.digest
    if digest is None:
        return
    yield from _sources(known)
    if digest.status == Digest.Status.PLANNED:
        yield Sentence(at=known.now, words=_why_not_built(digest, known))
    elif digest.status == Digest.Status.EMPTY:
        yield Sentence(at=digest.built_at or digest.planned_at, words=_why_empty(digest, known))
    else:
        yield Sentence(at=digest.built_at or digest.planned_at, words=_what_was_chosen(known))


def _why_not_planned(reader: Subscriber, known: Facts) -> str:
    """Find the first reason for which there is no digest of the day, from what lasts longest to what passes."""
    day = _day(known)
    if reader.status != Subscriber.Status.ACTIVE:
        return f"No digest of {day} was planned: {_why_inactive(reader)}."
    if reader.is_paused(on=known.day):
        return f"No digest of {day} was planned: the reader asked for a pause until {reader.paused_until}."
    if known.slot is None:
        return f"No digest of {day} is due: that is none of the reader's days ({_days(reader)}). {NOT_KEPT}"
    if reader.confirmed_at is not None and reader.confirmed_at > known.slot:
        return f"No digest of {day} was planned: the address was confirmed only after {_hour(reader, known)}."
    if known.slot > known.now:
        return f"The digest of {day} is not due yet: it comes at {_hour(reader, known)}."
    if reader.next_digest_at is not None and reader.next_digest_at <= known.now:
        return f"The digest of {day} was due at {_hour(reader, known)}, and nobody has planned it yet."
    return (
        f"No digest of {day} was planned, though by the present preferences it was due at {_hour(reader, known)}: "
        "the reader was paused or had other preferences then, or the digest was planned with that of a later day."
    )


def _why_inactive(reader: Subscriber) -> str:
    if reader.status == Subscriber.Status.PENDING:
        return "the address is not confirmed"
    return "the reader is unsubscribed"


def _why_not_built(digest: Digest, known: Facts) -> str:
    if known.now - digest.planned_at <= BUILDS_WITHIN:
        return "The digest waits for a worker to choose its papers."
    return "The digest still waits for its papers to be chosen, for longer than it should: look at the workers."


def _why_empty(digest: Digest, known: Facts) -> str:
    told = (
        "" if known.delivery else " No mail was made of it: the reader did not ask for a note on days without papers."
    )
    return f"There was nothing to mail. {ended(digest.empty_reason)}{told}"


def _what_was_chosen(known: Facts) -> str:
    n_matched = known.n_items.get(DigestItem.Section.MATCHED, 0)
    n_trending = known.n_items.get(DigestItem.Section.TRENDING, 0)
    news = f"{counted(known.n_news, 'paper')} {'was' if known.n_news == 1 else 'were'} news"
    active = sum(known.interests)
    asleep = f", {len(known.interests) - active} paused" if active < len(known.interests) else ""
    interests = f"{counted(active, 'interest')} of the reader{asleep}"
    return f"Its papers were chosen: {news}; {n_matched} matched ({interests}), and {n_trending} trending were added."


def _sources(known: Facts) -> Iterator[Sentence]:
    """Name each source that was read with an error in the digest's window."""
    by_source: dict[str, list[IngestRun]] = defaultdict(list)
    for run in known.runs:
        by_source[run.source].append(run)
    for source, runs in by_source.items():
        failed = [run for run in runs if run.error]
        if failed:
            reason = ended(failed[-1].error)
            times = f"{len(failed)} of {counted(len(runs), 'time')}"
            yield Sentence(at=failed[-1].started_at, words=f"{source} could not be read {times}; the last: {reason}")


def _moment(known: Facts) -> datetime:
    return known.slot if known.slot is not None and known.slot <= known.now else known.now


def _day(known: Facts) -> str:
    return f"{known.day:%A}, {known.day.day} {known.day:%B %Y}"


def _days(reader: Subscriber) -> str:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    days = schedule.delivery_days(cadence=reader.cadence, weekdays=reader.weekdays)
    return ", ".join(names[day] for day in sorted(days))


def _hour(reader: Subscriber, known: Facts) -> str:
    at = f" ({utc(known.slot)})" if known.slot else ""
    return f"{reader.hour:02d}:00 in {reader.timezone}{at}"
