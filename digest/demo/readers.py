"""The sample readers: invented people at example.org, each showing another way to use the mail."""

from dataclasses import dataclass

from digest.demo.edition import Edition
from subscriptions.types import ProfileInput, SignUp


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleReader:
    """One invented reader; `shows` says in a few words what to look for."""

    shows: str
    form: SignUp
    more_profiles: tuple[ProfileInput, ...] = ()
    confirms: bool = True
    paused_days: int = 0


def sample_readers(*, edition: Edition) -> tuple[SampleReader, ...]:
    """List the sample readers; those who name papers they like name papers of this edition."""
    return (
        PLAINEST,
        LINGUIST,
        ASTRONOMER,
        TWO_INTERESTS,
        READS_CHINESE,
        quantum_reader(edition=edition),
        NOTHING_FITS,
        ON_HOLIDAY,
        UNDECIDED,
    )


PLAINEST = SampleReader(
    shows="an address alone: trending papers",
    form=SignUp(email="wanjiru.mwangale@example.org", timezone="Africa/Nairobi", hour=7),
)
LINGUIST = SampleReader(
    shows="keywords, an excluded word, an author",
    form=SignUp(
        email="solveig.aasen@example.org",
        timezone="Europe/Oslo",
        hour=8,
        cadence="weekdays",
        profile=ProfileInput(
            name="Language models",
            categories=("cs.CL",),
            keywords=("state space model", "low-resource", "retrieval-augmented generation"),
            exclude=("survey",),
            authors=("Amara Okonjo-Reyes",),
        ),
    ),
)
ASTRONOMER = SampleReader(
    shows="categories alone, no trending papers",
    form=SignUp(
        email="catrin.penhallow@example.org",
        timezone="America/Santiago",
        hour=9,
        trending=False,
        profile=ProfileInput(name="Galaxies", categories=("astro-ph.GA", "astro-ph.CO"), pickiness="broad"),
    ),
)
TWO_INTERESTS = SampleReader(
    shows="two interests, once a week",
    form=SignUp(
        email="anirudh.deshmukh@example.org",
        timezone="Asia/Kolkata",
        hour=6,
        cadence="weekly",
        weekdays=(4,),
        max_papers=8,
        profile=ProfileInput(
            name="Robots that learn",
            categories=("cs.RO",),
            keywords=("reinforcement learning", "manipulation"),
        ),
    ),
    more_profiles=(
        ProfileInput(
            name="How brains decide",
            categories=("q-bio.NC",),
            description="How neurons in the cortex, or in a crayfish, decide, attend and sleep.",
        ),
    ),
)
READS_CHINESE = SampleReader(
    shows="keywords in Chinese",
    form=SignUp(
        email="lin.peiyu@example.org",
        timezone="Asia/Taipei",
        hour=8,
        profile=ProfileInput(name="古典文學與語言模型", keywords=("大语言模型", "唐诗", "Tang poems")),
    ),
)
NOTHING_FITS = SampleReader(
    shows="nothing fits today: a note that says so",
    form=SignUp(
        email="tomasz.wierzba@example.org",
        timezone="Europe/Warsaw",
        hour=8,
        trending=False,
        tell_when_empty=True,
        profile=ProfileInput(name="Perverse sheaves", keywords=("perverse sheaf",), pickiness="picky"),
    ),
)
ON_HOLIDAY = SampleReader(
    shows="paused for ten days: no mail",
    form=SignUp(
        email="maelle.kerdraon@example.org",
        timezone="America/St_Johns",
        hour=7,
        profile=ProfileInput(name="Econometrics", categories=("econ.EM", "stat.ME")),
    ),
    paused_days=10,
)
UNDECIDED = SampleReader(
    shows="has not confirmed yet: open the inbox and do it",
    form=SignUp(
        email="noor.elsayegh@example.org",
        timezone="Asia/Amman",
        hour=7,
        profile=ProfileInput(name="Seeing machines", categories=("cs.CV",), keywords=("diffusion model", "relighting")),
    ),
    confirms=False,
)


def quantum_reader(*, edition: Edition) -> SampleReader:
    """Describe a reader who says in words and by two papers what interests them."""
    liked = tuple(("arxiv", edition.arxiv_id(number)) for number in (90039, 90046))
    return SampleReader(
        shows="a description and two papers they like",
        form=SignUp(
            email="eluned.vaughanwilliams@example.org",
            timezone="Australia/Adelaide",
            hour=7,
            max_papers=6,
            profile=ProfileInput(
                name="Codes and graphs",
                categories=("quant-ph", "math.CO"),
                description="Noise, errors and logical qubits; planar graphs and graph states.",
                papers=liked,
            ),
        ),
    )
