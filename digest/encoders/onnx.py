"""Sentence models on ONNX Runtime: fastembed finds and loads them, the loop around them is ours.

fastembed's own `embed()` reads up to 512 tokens whatever the model was trained on, pads in the order given and hands
over one row at a time. So its session and its tokenizer are used directly: texts sorted by length, one call of the
tokenizer, batches padded no further than their longest.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from digest.encoders import Encoder
from digest.encoders._folder import fingerprint, what_is_wrong
from digest.errors import EncoderUnavailable
from digest.types import FloatMatrix

LIBRARY = "fastembed"
BATCH = 16  # texts; larger ones are slower on a processor, whose caches they leave
TOKENIZED_AT_ONCE = 2048  # texts
MOST_CHARACTERS = 30_000  # of a text; far more than any model reads of it
TINY = 1e-9
WAYS_OUT = "Set ENCODER_PATH to a folder that holds the model's files, or leave ENCODER empty to match by words alone."
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Texts padded to the longest of them. `ids` and `mask`: shape (n, longest); mask is 1 where a token is."""

    ids: Integers
    mask: Integers

    def feed(self, *, inputs: Sequence[str]) -> dict[str, Integers]:
        """Give a session what it asks for."""
        known = {"input_ids": self.ids, "attention_mask": self.mask, "token_type_ids": np.zeros_like(self.ids)}
        return {name: known[name] for name in inputs}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceEncoder:
    """A model whose tokens' vectors are averaged. `session` and `tokenizer` are onnxruntime's and tokenizers' own."""

    name: str
    version: str
    dimensions: int
    session: Any
    tokenizer: Any
    inputs: tuple[str, ...]

    def encode(self, *, texts: Sequence[str]) -> FloatMatrix:
        """Turn each text into a vector: see `Encoder`."""
        matrix = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), TOKENIZED_AT_ONCE):
            some = texts[start : start + TOKENIZED_AT_ONCE]
            for rows, batch in self.batches(texts=some):
                matrix[rows + start] = pooled(tokens=self.run(batch=batch), mask=batch.mask)
        return matrix

    def batches(self, *, texts: Sequence[str]) -> Iterator[tuple[Integers, Batch]]:
        """Cut texts into batches of about the same length, the shortest first, and say which rows are in each.

        A text without a token is in none.
        """
        tokens = [encoding.ids for encoding in self.tokenizer.encode_batch_fast([_readable(text) for text in texts])]
        lengths = np.fromiter(map(len, tokens), dtype=np.int64, count=len(tokens))
        order = np.argsort(lengths, kind="stable")
        order = order[lengths[order] > self.tokenizer.num_special_tokens_to_add(False)]  # noqa: FBT003 - not ours
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            yield rows, _padded([tokens[row] for row in rows])

    def run(self, *, batch: Batch) -> FloatMatrix:
        """Have the model read a batch. Returns: a vector for each token, shape (n, longest, dimensions), float32."""
        output: FloatMatrix = self.session.run(None, batch.feed(inputs=self.inputs))[0]
        return output


def pooled(*, tokens: FloatMatrix, mask: Integers) -> FloatMatrix:
    """Average the tokens of each text and bring the mean to length 1; a mean of nothing stays zero.

    In: shapes (n, longest, dimensions) and (n, longest). Returns: shape (n, dimensions), float32.
    Source: Reimers & Gurevych 2019 (Sentence-BERT), mean pooling.
    """
    sums = np.matmul(mask[:, None, :].astype(tokens.dtype), tokens)[:, 0].astype(np.float32)
    means = sums / np.maximum(mask.sum(axis=1, keepdims=True), 1).astype(np.float32)
    unit: FloatMatrix = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), TINY)
    return unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What must be known of a model: the file of its weights, and how many tokens of a text it was trained to read."""

    file: str
    tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceModels:
    """The loader of models whose tokens' vectors are averaged, by name."""

    known: Mapping[str, Model]

    @property
    def models(self) -> Sequence[str]:
        """The names of the models."""
        return tuple(self.known)

    def serves(self, *, model: str) -> bool:
        """Tell whether it is one of them."""
        return model in self.known

    def why_not(self, *, model: str, path: str) -> str:
        """Say why a model cannot be loaded here: see `EncoderLoader`."""
        if find_spec(LIBRARY) is None:
            return f"{LIBRARY} is not installed. Install requirements/semantic.txt, or leave ENCODER empty."
        wrong = what_is_wrong(path=path, model=self.known[model].file) if path else ""
        return f"{model} cannot be loaded: {wrong}. {WAYS_OUT}" if wrong else ""

    def load(self, *, model: str, path: str, threads: int | None) -> Encoder:
        """Load a model: see `EncoderLoader`."""
        if wrong := self.why_not(model=model, path=path):
            raise EncoderUnavailable(wrong)
        try:
            return _load(model, path or _download(model), threads, known=self.known[model])
        except Exception as error:  # tokenizers raises bare ones, and onnxruntime its own
            how = f"the files in {path} cannot be used" if path else "it is not here and cannot be downloaded"
            reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
            raise EncoderUnavailable(f"{model} cannot be loaded: {how} ({reason}). {WAYS_OUT}") from error


def _download(model: str) -> str:
    """Find a model among fastembed's downloads, or download it, in one try: the next turn is the next try."""
    from fastembed import TextEmbedding  # noqa: PLC0415 - an optional library, and half a second's import
    from fastembed.common.utils import define_cache_dir  # noqa: PLC0415 - the same library

    described = TextEmbedding._get_model_description(model)
    return str(TextEmbedding.download_model(described, str(define_cache_dir()), retries=1))


def _load(model: str, path: str, threads: int | None, *, known: Model) -> SentenceEncoder:
    from fastembed import TextEmbedding  # noqa: PLC0415 - an optional library, and half a second's import

    found: Any = TextEmbedding(model, threads=threads, specific_model_path=path)
    session, tokenizer = found.model.model, found.model.tokenizer
    tokenizer.no_padding()
    tokenizer.enable_truncation(known.tokens)
    encoder = SentenceEncoder(
        name=model,
        version=fingerprint(folder=Path(path), model=known.file, settings=("mean", known.tokens)),
        dimensions=found.embedding_size,
        session=session,
        tokenizer=tokenizer,
        inputs=tuple(node.name for node in session.get_inputs()),
    )
    _try(encoder)
    return encoder


def _try(encoder: SentenceEncoder) -> None:
    """Encode one word. Raises: EncoderUnavailable when what comes out is no vector of this model."""
    (row,) = encoder.encode(texts=["word"])
    if not np.isfinite(row).all() or not row.any():
        raise EncoderUnavailable("what it makes of a word is no vector")


def _readable(text: str) -> str:
    """Cut a text to what a model could read, without halves of characters, which the tokenizer refuses."""
    return text[:MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _padded(tokens: Sequence[Sequence[int]]) -> Batch:
    """Put the shorter texts on the length of the longest. The padding's id does not matter: the mask hides it."""
    lengths = np.array([len(ids) for ids in tokens])
    mask = np.arange(lengths.max())[None, :] < lengths[:, None]
    ids = np.zeros(mask.shape, dtype=np.int64)
    ids[mask] = np.concatenate(tokens)
    return Batch(ids=ids, mask=mask.astype(np.int64))


ENCODER = SentenceModels(
    known={
        "sentence-transformers/all-MiniLM-L6-v2": Model(file="model.onnx", tokens=256),
        "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2": Model(file="model_optimized.onnx", tokens=128),
        "thenlper/gte-base": Model(file="onnx/model.onnx", tokens=512),
    }
)
