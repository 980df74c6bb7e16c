"""The scorers of a benchmark of match quality: papers and profiles in, the scores that the service would rank by out.

`Engine` is the whole of matching, `WordsOnly` what is left of it without an encoder. The benchmark calls
`fit(items, train)` and then `score(profiles, candidates)`; what is done in between is the service's own code.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from digest.encoders import Encoder, find_loader
from digest.matching import score
from digest.matching._taste import TasteMap, join
from digest.matching._tastefit import fit
from digest.types import FloatMatrix, PaperDoc, ProfileDoc
from digest.vectors import pack

MODEL = "sentence-transformers/all-MiniLM-L6-v2"
BACKGROUND_PAPERS = 3000  # as many as the service compares with
LEAST_LIKES = 1000  # fewer tell nothing of what is liked together


class Engine:
    """Everything that matching knows: words, meaning, and the taste of other readers where they say anything."""

    def fit(self, items: Any, train: Any) -> None:
        """Read all papers of the part, and learn from other people's saves of old papers.

        In: DataFrames with the columns item, role, text and user, item. Tags of old papers are not looked at.
        """
        self.docs: dict[Any, PaperDoc] = {
            item: PaperDoc(id=number, title="", abstract=str(text), authors=(), categories=())
            for number, (item, text) in enumerate(zip(items.item, items.text, strict=True))
        }
        docs = list(self.docs.values())
        self.encoder = self._encoder()
        meaning = self._encode([doc.abstract for doc in docs])
        old = (items.role == "warm").to_numpy()
        self.taste = self._learn(train, docs, meaning)
        for item, vector in zip(items.item, self._stored(self._place(docs, meaning), meaning), strict=False):
            self.docs[item] = replace(self.docs[item], vector=vector)
        every = max(1, int(old.sum()) // BACKGROUND_PAPERS)
        self.background = [self.docs[item] for item in items.item[old].iloc[::every]]

    def score(self, profiles: Sequence[Mapping[str, Any]], candidates: Sequence[Any]) -> FloatMatrix:
        """Score profiles, each with the items that it likes and its keywords, against the candidates' items.

        Returns: shape (n_profiles, n_candidates).
        """
        wishes = self._wishes([" ".join(profile["keywords"]) for profile in profiles])
        docs = [
            ProfileDoc(
                id=number,
                name="",
                keywords=tuple(profile["keywords"]),
                liked=tuple(self.docs[item] for item in profile["liked"]),
                wish=wish,
            )
            for number, (profile, wish) in enumerate(zip(profiles, wishes, strict=True))
        ]
        return score(profiles=docs, papers=[self.docs[item] for item in candidates], background=self.background)

    def _encoder(self) -> Encoder | None:
        folder = (
            os.environ.get("ENCODER_PATH") or Path(os.environ.get("MODELS_DIR", "../shared/models")) / Path(MODEL).name
        )
        return find_loader(model=MODEL).load(model=MODEL, path=str(folder), threads=None)

    def _encode(self, texts: Sequence[str]) -> FloatMatrix | None:
        return self.encoder.encode(texts=texts) if self.encoder else None

    def _learn(self, train: Any, docs: Sequence[PaperDoc], meaning: FloatMatrix | None) -> TasteMap | None:
        if meaning is None or len(train) < LEAST_LIKES:
            return None  # as in the service: taste is learnt beside meaning alone
        readers = {user: row for row, user in enumerate(sorted(set(train.user)))}
        rows = np.array([readers[user] for user in train.user])
        columns = np.array([self.docs[item].id for item in train.item])
        likes = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(readers), len(docs)))
        return fit(likes=likes, docs=docs, meaning=meaning)

    def _place(self, docs: Sequence[PaperDoc], meaning: FloatMatrix | None) -> FloatMatrix | None:
        return self.taste.place(docs=docs, meaning=meaning) if self.taste and meaning is not None else None

    def _wishes(self, texts: Sequence[str]) -> list[bytes]:
        meaning = self._encode(texts)
        taste = self.taste.place_texts(texts=texts, meaning=meaning) if self.taste and meaning is not None else None
        return self._stored(taste, meaning) or [b""] * len(texts)

    def _stored(self, taste: FloatMatrix | None, meaning: FloatMatrix | None) -> list[bytes]:
        """Give vectors as the service stores them; none where there is no meaning."""
        if meaning is None:
            return []
        return pack(matrix=meaning if taste is None else join(meaning=meaning, taste=taste))


class WordsOnly(Engine):
    """What matching knows where no encoder is installed."""

    def _encoder(self) -> Encoder | None:
        return None
