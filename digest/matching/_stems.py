"""A folded word in, its stem out: the forms of one word are one, and words that only sound related are two."""

import re
from functools import lru_cache

from Stemmer import Stemmer

# Words that look like a form of another one and are not.
_AS_THEY_ARE = frozenset({"aids", "alias", "atlas", "bayes", "bias", "embed", "lens", "news", "pancreas"})
_IRREGULAR = {
    "aliases": "alias",
    "analyses": "analysis",
    "axes": "axis",
    "bacteria": "bacterium",
    "biases": "bias",
    "cpus": "cpu",
    "criteria": "criterion",
    "crises": "crisis",
    "equilibria": "equilibrium",
    "extrema": "extremum",
    "gases": "gas",
    "gpus": "gpu",
    "hypotheses": "hypothesis",
    "indices": "index",
    "larvae": "larva",
    "lenses": "lens",
    "matrices": "matrix",
    "maxima": "maximum",
    "mice": "mouse",
    "minima": "minimum",
    "momenta": "momentum",
    "nuclei": "nucleus",
    "phenomena": "phenomenon",
    "polyhedra": "polyhedron",
    "radii": "radius",
    "spectra": "spectrum",
    "stimuli": "stimulus",
    "strata": "stratum",
    "syntheses": "synthesis",
    "vertices": "vertex",
    "vortices": "vortex",
}
_BRITISH_ISE = re.compile(r"(?<=[a-z]{4})is(?=(?:ation|ations|e|ed|er|ers|es|ing)$)")
_BRITISH_OUR = re.compile(r"(?<=[a-z]{3})our")
_HISSING_PLURAL = re.compile(r"(?:ss|x|ch|sh)es$")
_NO_PLURAL = ("ss", "us", "is")
_VERB = re.compile(r"(?P<body>(?=[a-z]{3})[a-z]*[aeiouy][a-z]*)(?:(?<!e)ed|ing)")
_DOUBLED = re.compile(r"[a-z]*([bdfgmnprt])\1")  # "planning": "plann"
# One open syllable and a consonant: "cod" of "coding" is "code", and "plane" keeps its e beside "plan".
_SHORT = re.compile(r"[^aeiouy]*[aeiouy][^aeiouywx]")


def _american(word: str) -> str:
    return _BRITISH_OUR.sub("or", _BRITISH_ISE.sub("iz", word))


def _is_stemmed(word: str) -> bool:
    return len(word) > 3 and word not in _AS_THEY_ARE and word.isascii() and word.isalpha()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Bring a folded word to its stem: plural to singular, British to American, "modelling" and "modelled" to "model".

    Only forms of one word share a stem: "universe", "universal" and "university" are three words. Words that are
    short, hold a digit or are in another script than Latin are left as they are.
    """
    if not _is_stemmed(word):
        return word
    return _close(_without_verb_ending(singular(_american(word))))


@lru_cache(maxsize=200_000)
def family(word: str) -> str:
    """Bring a folded word to the root that its relatives share too: "entanglement" and "entangled".

    Some who share a root are no relatives ("universal", "university"), so a shared root is a hint and no more.
    Source: Porter's English stemmer of 2001, as in Snowball.
    """
    if not _is_stemmed(word):
        return word
    # A stemmer carries state between calls, so threads must not share one; making one costs less than a lock.
    return str(Stemmer("english", 0).stemWord(_american(_IRREGULAR.get(word, word))))


def singular(word: str) -> str:
    """Bring a folded word from plural to singular."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not word.endswith("s") or word.endswith(_NO_PLURAL):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-2] if _HISSING_PLURAL.search(word) else word[:-1]


def _without_verb_ending(word: str) -> str:
    if word.endswith("ied") and len(word) > 4:
        return f"{word[:-3]}y"
    found = _VERB.fullmatch(word)
    if found is None or word in _AS_THEY_ARE:
        return word
    body = found["body"]
    if _DOUBLED.fullmatch(body):
        return body[:-1]
    return f"{body}e" if _SHORT.fullmatch(body) else body


def _close(word: str) -> str:
    """Drop what not all forms of a word have at their end: the e of "simulate", the second l of "modell"."""
    if word.endswith("ll") and len(word) > 5:
        return word[:-1]
    if word.endswith("e") and len(word) > 3 and not _SHORT.fullmatch(word[:-1]):
        return word[:-1]
    return word
