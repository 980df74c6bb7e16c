"""What an interest would bring, in counts -> sentences that tell its reader which word to change."""

from collections.abc import Iterator

from digest.matching._wording import QUOTES, read_keyword
from digest.pipeline.trials import LISTS, MOST_TRIED, MOSTLY, PICKINESS, Entry, Trials
from digest.types import ProfileDoc

MOST_NAMED = 3  # words in one sentence
PICKINESS_NAMES = {"picky": "Picky", "balanced": "Balanced", "broad": "Broad"}


def advise(*, profile: ProfileDoc, trials: Trials, days: int) -> tuple[str, ...]:
    """Say what is wrong with an interest, the gravest first; nothing when it brings some papers and not most of them.

    In: `profile` as it was tried out on the papers of so many `days`.
    """
    if asks_nothing(profile=profile):
        return (_why_it_asks_nothing(profile),)
    if trials.n_papers == 0:
        return (f"No paper came in these {days} days: there is nothing to compare this interest with.",)
    return tuple(_warnings(profile, trials, days))


def asks_nothing(*, profile: ProfileDoc) -> bool:
    """Tell whether a profile says nothing that can be looked for."""
    said = (*profile.keywords, profile.description)
    others = (*profile.categories, *profile.authors, *profile.liked)
    return not others and not any(read_keyword(text) for text in said)


def _why_it_asks_nothing(profile: ProfileDoc) -> str:
    if words := [*profile.keywords, *filter(None, [profile.description])]:
        return f"{_named(words)} can stand in any text and is not looked for. Please name what your papers are about."
    if profile.exclude:
        return "This interest only says what to leave out. Please say also what you want to see."
    return "This interest asks for nothing yet: a category or a keyword will do."


def _warnings(profile: ProfileDoc, trials: Trials, days: int) -> Iterator[str]:
    n_passing = trials.n_passing
    if n_passing == 0:
        yield f"This interest would have brought nothing in these {days} days."
        yield from _broader(profile, trials)
    yield from _exclusions(trials)
    if trials.is_wide:
        yield _widest(trials)
    yield from _absent(trials, days, parts=LISTS if n_passing == 0 else ("keywords",))
    if silent := [text for text in profile.keywords[:MOST_TRIED] if read_keyword(text) is None]:
        yield f"{_named(silent)} can stand in any text and is not looked for."
    yield from _not_tried(profile)


def _broader(profile: ProfileDoc, trials: Trials) -> Iterator[str]:
    """Name the next pickiness that would bring anything, if one would."""
    for pickiness in PICKINESS[PICKINESS.index(profile.pickiness) + 1 :]:
        if n_would := trials.by_pickiness[pickiness]:
            chosen, other = PICKINESS_NAMES[profile.pickiness], PICKINESS_NAMES[pickiness]
            yield f"{chosen} leaves nothing: {other} would bring {n_would:,}."
            return


def _exclusions(trials: Trials) -> Iterator[str]:
    """Name exclusions that keep out more than half of what would come; where it takes several, say so."""
    n_passing = trials.n_passing
    kept_out = {entry.text: n - n_passing for entry, n in trials.without.items() if entry.part == "exclude"}
    worst = [(text, n) for text, n in kept_out.items() if n > MOSTLY * (n_passing + n)]
    for text, n in sorted(worst, key=lambda pair: (-pair[1], pair[0]))[:MOST_NAMED]:
        yield f"Your exclusion “{_bare(text)}” keeps out {n:,} of {_papers(n_passing + n)}."
    if not worst and trials.kept_out > MOSTLY * trials.without_exclusions:
        yield f"Your exclusions together keep out {trials.kept_out:,} of {_papers(trials.without_exclusions)}."


def _widest(trials: Trials) -> str:
    """Name the entry that alone brings most, or where several bring the same papers, that which stands in most."""
    n_passing, n_papers = trials.n_passing, _papers(trials.n_papers)
    brings = {entry: n_passing - n for entry, n in trials.without.items() if entry.part != "exclude"}
    widest = max(brings, key=lambda entry: brings[entry], default=None)
    if widest is not None and brings[widest] > MOSTLY * n_passing:
        return f"{_spelled(widest)} alone brings {brings[widest]:,} of {n_papers}."
    common = max(trials.holding, key=lambda entry: trials.holding[entry], default=None)
    if common is not None and trials.holding[common] > MOSTLY * n_passing:
        return f"{_spelled(common)} is in {trials.holding[common]:,} of {n_papers}."
    hardly = f"This interest brings {n_passing:,} of {n_papers}: it hardly chooses."
    return hardly if common is None else f"{hardly} {_spelled(common)} is in the most, {trials.holding[common]:,}."


def _absent(trials: Trials, days: int, *, parts: tuple[str, ...]) -> Iterator[str]:
    """Name what no paper holds, each part in a sentence of its own."""
    verbs = {"keywords": "holds", "categories": "is in", "authors": "is by"}
    for part in parts:
        absent = [entry.text for entry, n in trials.holding.items() if entry.part == part and n == 0]
        if absent := [text for text in absent if part != "keywords" or read_keyword(text)]:
            yield f"No paper of these {days} days {verbs[part]} {_named(absent, joint='or')}."


def _not_tried(profile: ProfileDoc) -> Iterator[str]:
    longest = max(len(getattr(profile, part)) for part in (*LISTS, "exclude"))
    if longest > MOST_TRIED:
        yield f"With {longest:,} entries in one list, only the first {MOST_TRIED} were looked at one by one."


def _spelled(entry: Entry) -> str:
    if entry.part == "description":
        return "What you wrote in your own words"
    if entry.part == "liked":
        return "What you gave as examples"
    nouns = {"keywords": "The keyword", "categories": "The category", "authors": "The author"}
    return f"{nouns[entry.part]} “{_bare(entry.text)}”"


def _named(texts: list[str], *, joint: str = "and") -> str:
    """Put some words in quotation marks, and count those that are too many to name."""
    named = [f"“{_bare(text)}”" for text in texts[:MOST_NAMED]]
    if n_more := len(texts) - MOST_NAMED:
        named += [f"{n_more:,} more"] if n_more > 0 else []
    return f" {joint} ".join(filter(None, [", ".join(named[:-1]), named[-1]]))


def _papers(number: int) -> str:
    return f"{number:,} paper" if number == 1 else f"{number:,} papers"


def _bare(text: str) -> str:
    return text.strip().strip(QUOTES).strip()
