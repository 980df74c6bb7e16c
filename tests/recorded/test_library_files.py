"""Real libraries: how many of their entries are recognised, of those that a person recognises who reads the files.

The numbers were counted by reading: entries with a title or a name that leads to a paper or a book (not the
definitions, sets and comments between them), and how many of them say a DOI, an arXiv id or a PubMed number.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from digest.library import Entry, Reading, read_library

AIM = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a person sees in a file: entries, those of them with a name, and some of them in full."""

    entries: int
    named: int = 0
    format: str
    titles: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=())


FILES = {
    "bibtex/biber_dateformats.bib": Seen(entries=30, format="bibtex", titles=("Title 1", "Works")),
    "bibtex/bibtexparser_article_with_special_characters.bib": Seen(
        entries=1, format="bibtex", titles=("An amazing title",)
    ),
    "bibtex/bibtexparser_biber-examples.bib": Seen(
        entries=97,
        named=5,
        format="bibtex",
        titles=(
            "The True Frontier: Confronting and Avoiding the Realities of Space in American Science Fiction Films",
            "Computers & Typesetting",
            "The TeXbook",
            "Il a neigé à Port-au-Prince",
            "Some remarks on 't Hooft's S-matrix for black holes",
            "ha-Lashon la-Ramḥal: u-vo sheloshah ḥiburim",
            "In Honore Salvatoris – Vom Sinn und Unsinn der Patrozinienkunde",
        ),
        names=(
            "arxiv:math/0307200",
            "arxiv:hep-th/9603067",
            "doi:10.1063/1.2172593",
            "doi:10.1002/(sici)1096-987x(199803)19:4<377::aid-jcc1>3.0.co;2-p",
        ),
    ),
    "bibtex/bibtexparser_book_bom.bib": Seen(entries=1, format="bibtex", titles=("Dynamics of Polymeric Liquid",)),
    "bibtex/bibtexparser_common_strings.bib": Seen(entries=0, format="bibtex"),
    "bibtex/bibtexparser_crossref_entries.bib": Seen(
        entries=14,
        format="bibtex",
        titles=("Great and Good Graphs", "Title of Collection bit", "Vanquished, Victor, Vandal"),
    ),
    "bibtex/bibtexparser_features2.bib": Seen(entries=1, format="bibtex", titles=("Cool Stuff",)),
    "bibtex/bibtexparser_multiple_entries_and_comments.bib": Seen(
        entries=3,
        named=1,
        format="bibtex",
        titles=("Optical fiber fusion slicing", "The transition state method", "A title"),
        names=("doi:10.1039/tf9383400029",),
    ),
    "bibtex/detect-urls.bib": Seen(
        entries=1,
        named=1,
        format="bibtex",
        titles=("Diverse Uses of a Semantic Graph Database for Knowledge Organization and Research",),
        names=("doi:10.2830/44569",),
    ),
    "bibtex/jabref_complex.bib": Seen(
        entries=20,
        named=16,
        format="bibtex",
        titles=(
            "The postcranial anatomy of Procolophon (Parareptilia: Procolophonidae)"
            " and its implications for the origin of turtles",
            "How secure is AOP and what can we do about it?",
        ),
        names=("doi:10.1145/1137627.1137633", "doi:10.1007/s00779-005-0347-6", "doi:10.1109/msp.2004.81"),
    ),
    "bibtex/zotero_export.bib": Seen(
        entries=5,
        named=5,
        format="bibtex",
        titles=("The Euler equations as a differential inclusion",),
        names=(
            "doi:10.1002/ggge.20071",
            "doi:10.4007/annals.2009.170.1417",
            "doi:10.1016/j.aim.2014.09.018",
            "doi:10.1006/jcph.1998.5962",
            "doi:10.1016/j.jcp.2014.02.031",
        ),
    ),
    "ris/jabref_RisImporterTest1.ris": Seen(entries=2, named=1, format="ris", names=("doi:10.1023/a:1017379030770",)),
    "ris/jabref_RisImporterTestDOI.ris": Seen(
        entries=1,
        named=1,
        format="ris",
        titles=("The effect of smartphone usage time on posture and respiratory function",),
        names=("doi:10.1589/jpts.28.186", "pmid:26957754", "pmcid:pmc4756000"),
    ),
    "ris/jabref_RisImporterTestScopus.ris": Seen(
        entries=1, named=1, format="ris", names=("doi:10.1016/j.jmps.2004.03.010",)
    ),
    "ris/rispy_example_basic.ris": Seen(entries=1, format="ris", titles=("A Mathematical Theory of Communication",)),
    "ris/rispy_example_full.ris": Seen(
        entries=2, format="ris", titles=("Title of reference", "The title of the reference")
    ),
    "ris/rispy_example_multiline.ris": Seen(entries=0, format="ris"),
    "ris/rispy_example_wos.ris": Seen(
        entries=2,
        named=2,
        format="webofscience",
        titles=(
            "Proximal and distal influences on ligand binding kinetics in microperoxidase and heme model compounds",
        ),
        names=("doi:10.1021/bi049798f", "doi:10.1021/bi0497291"),
    ),
    "csl-json/citationjs_bibtex_csl.json": Seen(entries=16, format="csljson", titles=("Lorem Ipsum",)),
    "csl-json/crossref_citeproc_rcrossref.json": Seen(
        entries=1, named=1, format="csljson", names=("doi:10.1126/science.169.3946.635",)
    ),
    "zotero/pyzotero_collections_doc.json": Seen(entries=0, format="csljson"),
    "zotero/pyzotero_item_doc.json": Seen(entries=1, format="zotero"),
    "zotero/pyzotero_items_doc.json": Seen(
        entries=20,
        named=6,
        format="zotero",
        titles=("Sherlock Holmes in Babylon", "Front Matter"),
        names=("doi:10.2307/2321200", "doi:10.1201/9781420005509.ch22", "pmid:20664272", "doi:10.1126/science.1195912"),
    ),
    "zotero/pyzotero_tags_doc.json": Seen(entries=0, format="csljson"),
    "zotero/web_test-user-collection-items.json": Seen(
        entries=10, named=3, format="zotero", names=("doi:10.1525/mp.2014.31.5.485", "doi:10.2307/1318699")
    ),
    "zotero/web_test-user-get-items-in-collection-dogs.json": Seen(
        entries=6, format="zotero", titles=("Vision in dogs",)
    ),
    "orcid/error_404.json": Seen(entries=0, format="csljson"),
    "orcid/person.json": Seen(entries=0, format="orcid"),
    "orcid/record_full_3.0.json": Seen(entries=1, named=1, format="orcid", names=("doi:10.1087/20120404",)),
    "orcid/works_140kB.json": Seen(
        entries=74,
        named=61,
        format="orcid",
        titles=("Open Code and Peer Review", "Unsupervised Discovery of Invariances"),
        names=("doi:10.7557/19.5311", "doi:10.1371/journal.pcbi.1004947", "pmid:24366261", "doi:10.1101/048744"),
    ),
    "opml/opml_categories_cats-3-multiple.xml": Seen(entries=0, format="feed"),
    "opml/opml_categories_duplication.xml": Seen(entries=0, format="feed"),
    "opml/opml_categories_hier-2-nested.xml": Seen(entries=0, format="feed"),
    "opml/opml_head_title.xml": Seen(entries=1, format="feed", titles=("node",)),
    "opml/opml_opml_version-1.xml": Seen(entries=1, format="feed", titles=("node",)),
}
"""Sources of papers that people also keep as files: not counted, but read."""
FEEDS = {
    "other-rss/oup_rss.xml": Seen(entries=5, named=5, format="feed"),
    "other-rss/elsevier_sciencedirect_rss.xml": Seen(entries=36, format="feed"),
    "other-rss/pubmed_search_rss.xml": Seen(entries=15, named=15, format="feed"),
    "other-rss/joss_atom.xml": Seen(entries=1, named=1, format="feed", names=("doi:10.21105/joss.01541",)),
    "arxiv-rss/rss_csAI_20260427.xml": Seen(entries=3, named=3, format="feed"),
}
FOLDERS = ("bibtex", "ris", "csl-json", "zotero", "orcid", "opml")


def read(recordings: Path, name: str) -> Reading:
    return read_library(payload=(recordings / name).read_bytes())


def entries(reading: Reading) -> list[Entry]:
    return [piece for piece in reading.pieces if isinstance(piece, Entry)]


def names(found: list[Entry]) -> set[str]:
    return {f"{name.scheme}:{name.value}" for entry in found for name in entry.identifiers}


def recognised(seen: Seen, found: list[Entry]) -> int:
    """Count what was recognised: never more than there is, and no title or name that was read otherwise."""
    wrong = sum(title not in {entry.title for entry in found} for title in seen.titles)
    wrong += sum(name not in names(found) for name in seen.names)
    wrong += abs(seen.named - sum(bool(entry.identifiers) for entry in found))
    return max(min(seen.entries, len(found)) - wrong - max(len(found) - seen.entries, 0), 0)


def test_every_recorded_library_was_read_by_a_person(recordings: Path) -> None:
    there = {f"{folder}/{path.name}" for folder in FOLDERS for path in (recordings / folder).iterdir()}

    assert there == set(FILES)


@pytest.mark.parametrize("name", sorted(FILES | FEEDS))
def test_a_file_is_read_as_a_person_reads_it(recordings: Path, name: str) -> None:
    seen, reading = (FILES | FEEDS)[name], read(recordings, name)
    found = entries(reading)

    assert reading.format == seen.format
    assert (len(found), sum(bool(entry.identifiers) for entry in found)) == (seen.entries, seen.named)
    assert set(seen.titles) <= {entry.title for entry in found}
    assert set(seen.names) <= names(found)


def test_nearly_every_entry_is_recognised(recordings: Path) -> None:
    started = time.monotonic()
    rows = [(seen.entries, recognised(seen, entries(read(recordings, name)))) for name, seen in FILES.items()]
    wanted, had = sum(row[0] for row in rows), sum(row[1] for row in rows)

    print(
        f"library files: {had} of {wanted} entries recognised ({had / wanted:.1%}), {time.monotonic() - started:.2f} s"
    )
    assert had / wanted >= AIM


@pytest.mark.parametrize("name", ["bibtex/bibtexparser_biber-examples.bib", "bibtex/jabref_complex.bib"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_another_encoding_of_the_same_file_reads_the_same(recordings: Path, name: str, encoding: str) -> None:
    payload = (recordings / name).read_bytes()

    again = read_library(payload=payload.decode().encode(encoding))

    assert again == read_library(payload=payload)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_half_a_file_gives_what_stands_whole_in_it(recordings: Path, share: float) -> None:
    payload = (recordings / "bibtex/jabref_complex.bib").read_bytes()
    cut = payload[: int(len(payload) * share)]

    found = entries(read_library(payload=cut))

    assert len(found) >= cut.count(b"\n}\n")
