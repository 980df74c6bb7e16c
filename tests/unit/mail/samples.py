"""Invented digests, as the mail gets them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from digest.types import MailDigest, MailPaper, Reason

DELIVERY_ID = str(UUID(int=0x8F0C2A7E5D3B4C1E9A6F2B7D8C4E1A90))


def make_mail_paper(**fields: Any) -> MailPaper:
    """Build an ordinary paper; a test names what matters to it."""
    return MailPaper(
        **{
            "title": "Small State Space Models Remember More Than They Should",
            "url": "https://arxiv.org/abs/2606.00001",
            "pdf_url": "https://arxiv.org/pdf/2606.00001",
            "authors": ("Ada Example", "Ben Sample", "Chidi Model", "Dana Invented"),
            "abstract": "We study an invented question about memory in recurrent networks and answer it with care.",
            "primary_category": "cs.LG",
            "more_url": "https://papers.example.org/more/AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGhIjKlMnOpQrStUv/",
            "less_url": "https://papers.example.org/less/AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGhIjKlMnOpQrStUv/",
            "why_url": "https://papers.example.org/why/AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGhIjKlMnOpQrStUv/",
            **fields,
        }
    )


def make_mail_digest(
    *, matched: Sequence[MailPaper] = (), trending: Sequence[MailPaper] = (), **fields: Any
) -> MailDigest:
    """Build a digest of one reader, with links of the real shape."""
    return MailDigest(
        **{
            "delivery_id": DELIVERY_ID,
            "email": "reader@example.org",
            "digest_date": date(2026, 6, 9),
            "matched": tuple(matched),
            "trending": tuple(trending),
            "manage_url": "https://papers.example.org/preferences/AbCdEfGhIjKlMnOpQrStUvWxYz012345.6789/",
            "unsubscribe_url": "https://papers.example.org/unsubscribe/AbCdEfGhIjKlMnOpQrStUvWx/",
            "one_click_url": "https://papers.example.org/u/AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGhI/",
            "browser_url": "https://papers.example.org/digest/AbCdEfGhIjKlMnOpQrStUvWxYz012345.6789/",
            **fields,
        }
    )


ABSTRACT = (
    "Recurrent models are said to forget. We train state space models with $10^{-4}$ of the usual budget on invented "
    "sequences of length $n \\leq 2^{20}$ and find that they keep $\\mathcal{O}(\\log n)$ facts they were never asked "
    "to keep. A probe of \\textbf{one layer} reads them back at 93\\% accuracy. We explain the effect by a slow "
    "direction in the transition matrix, remove it, and lose nothing on five of six tasks. On the sixth, a synthetic "
    "copying task, accuracy falls from 99\\% to 41\\%, which shows that the direction was not idle after all. Code, "
    "data and the story of all that failed are public."
)


def everyday() -> MailDigest:
    """Build the digest that most readers get: a few matches under two interests, a few trending papers."""
    return make_mail_digest(
        matched=(
            make_mail_paper(
                abstract=ABSTRACT,
                profile="Sparse memory",
                also_in=("Speech",),
                reasons=(
                    Reason(kind="keyword", term="state space model", share=0.6),
                    Reason(kind="author", term="A. Example", share=0.3),
                    Reason(kind="category", term="cs.LG", share=0.1),
                ),
                links={"code": "https://code.example.org/ssm", "project": "https://ssm.example.org/"},
            ),
            make_mail_paper(
                title="$\\alpha$-Helix Folding at $10^{-4}$ of the Cost",
                url="https://arxiv.org/abs/2606.00002",
                pdf_url="https://arxiv.org/pdf/2606.00002",
                authors=("Erd\\H{o}s Invented", "Zoë Übung", *(f"Author {number}" for number in range(32))),
                abstract=ABSTRACT,
                primary_category="q-bio.BM",
                profile="Proteins",
                reasons=(Reason(kind="keyword", term="folding", share=0.9),),
            ),
            make_mail_paper(
                title="تعلّم الآلة للنصوص العربية القديمة: دراسة مبتكرة",
                url="https://arxiv.org/abs/2606.00003",
                pdf_url="https://arxiv.org/pdf/2606.00003",
                authors=("ليلى مثال",),
                abstract="ندرس سؤالا مبتكرا حول النصوص القديمة ونجيب عنه بعناية.",
                primary_category="cs.CL",
                profile="Speech",
                reasons=(Reason(kind="description", term="old manuscripts", share=0.9),),
            ),
        ),
        trending=(
            make_mail_paper(
                title="大規模言語モデルの発明された振る舞いについて",
                url="https://arxiv.org/abs/2606.00004",
                pdf_url="https://arxiv.org/pdf/2606.00004",
                authors=("例 太郎", "見本 花子"),
                abstract="我々は発明された問いを研究し、それに答える。" * 6,
                primary_category="cs.AI",
                signal="118 upvotes on Hugging Face",
                links={"code": "https://code.example.org/llm"},
            ),
            make_mail_paper(
                title='<b>Bold</b> Claims & "Quotes" Considered Harmful',
                url="https://arxiv.org/abs/2606.00005",
                pdf_url="https://arxiv.org/pdf/2606.00005",
                abstract="Some abstracts hold <script>alert(1)</script> and &amp; more. They are shown as they are.",
                primary_category="cs.CR",
                signal="64 upvotes on Hugging Face",
            ),
        ),
    )


def only_trending() -> MailDigest:
    """Build what the plainest reader gets."""
    return make_mail_digest(trending=everyday().trending)


def empty() -> MailDigest:
    """Build the note of a day without papers."""
    return make_mail_digest(empty_reason="arXiv announces nothing on Sundays.")


def enormous() -> MailDigest:
    """Build a hundred papers whose every text is as long as a hostile source can make it."""
    return make_mail_digest(
        matched=tuple(
            make_mail_paper(
                title=f"題{number} " + "長い題名" * 5_000,
                url=f"https://arxiv.org/abs/2607.{number:05d}",
                pdf_url=f"https://arxiv.org/pdf/2607.{number:05d}",
                authors=("著" * 500,) * 3_000,
                abstract="発明された" * 10_000,
                profile="興味" * 40,
                also_in=("別の" * 40,) * 9,
            )
            for number in range(100)
        )
    )


def long_words() -> MailDigest:
    """Build a digest whose words are wider than a phone."""
    title, abstract, author = "Methionyl" * 33, "Threonyl" * 70, "Glutaminyl" * 8
    return make_mail_digest(matched=(make_mail_paper(title=title, abstract=abstract, authors=(author,)),))


def many() -> MailDigest:
    """Build a digest that is longer than anybody reads in full: 18 papers, and as many trending ones."""
    papers = tuple(
        make_mail_paper(title=f"Paper {number}", url=f"https://arxiv.org/abs/2606.{number:05d}", abstract=ABSTRACT)
        for number in range(36)
    )
    return make_mail_digest(matched=papers[:18], trending=papers[18:])
