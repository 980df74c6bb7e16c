"""The names of arXiv's categories: one subject may go by several, and some archives live on under another name.

In: a name as a reader or a paper gives it. Out: the name that it goes by today, or all of its names.
"""

_TODAY = {
    # one subject that is listed in two archives: the second name first, the one that papers carry as primary after it
    "math.MP": "math-ph",
    "stat.TH": "math.ST",
    "math.IT": "cs.IT",
    "q-fin.EC": "econ.GN",
    "cs.SY": "eess.SY",
    "cs.NA": "math.NA",
    # archives that were closed, and where their papers go today
    "acc-phys": "physics.acc-ph",
    "adap-org": "nlin.AO",
    "alg-geom": "math.AG",
    "ao-sci": "physics.ao-ph",
    "atom-ph": "physics.atom-ph",
    "bayes-an": "physics.data-an",
    "chao-dyn": "nlin.CD",
    "chem-ph": "physics.chem-ph",
    "cmp-lg": "cs.CL",
    "comp-gas": "nlin.CG",
    "dg-ga": "math.DG",
    "funct-an": "math.FA",
    "mtrl-th": "cond-mat.mtrl-sci",
    "patt-sol": "nlin.PS",
    "plasm-ph": "physics.plasm-ph",
    "q-alg": "math.QA",
    "solv-int": "nlin.SI",
    "supr-con": "cond-mat.supr-con",
}

_BY_ANY_CASE = {name.lower(): today for name, today in _TODAY.items()}


def canonical_category(name: str) -> str:
    """Give the name that a category goes by today: `math.MP` is `math-ph`, `cmp-lg` became `cs.CL`.

    The case of a name that is an old one or a second one does not matter; any other name is given back as it is.
    """
    return _BY_ANY_CASE.get(name.lower(), name)


def category_names(name: str) -> tuple[str, ...]:
    """List all names of a category, that of today first: `eess.SY` is listed as `cs.SY` too."""
    today = canonical_category(name)
    return (today, *(other for other, meant in _TODAY.items() if meant.lower() == today.lower()))
