"""Pages to batches: whole, in order, and each line with its own words."""

from types import SimpleNamespace

import numpy as np
import pytest

from chartline.models.line_classifier import batching
from chartline.models.line_classifier.batching import collate, page_spans, plan_batches
from chartline.models.line_classifier.encoding import EncodedLines
from chartline.models.line_classifier.tokens import Tokenizer

TEXTS = ["Cher confrère", "le 3 mai", "", "page 2 of 9", "Dr Lund"]


@pytest.fixture
def encoded() -> EncodedLines:
    """Five lines, two on the first page."""
    numbers = np.arange(5, dtype=np.float32)
    return EncodedLines(
        TEXTS,
        Tokenizer(500, 200).tokenize(TEXTS),
        features=numbers[:, None],
        boxes=np.repeat(numbers[:, None], 4, axis=1),
        pages=np.array([0, 2, 5]),
    )


def test_a_long_page_is_divided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "MAX_LINES", 4)
    pages = SimpleNamespace(pages=np.array([0, 4, 13]))
    assert page_spans(pages) == [(0, 4), (4, 8), (8, 12), (12, 13)]  # type: ignore[arg-type]


def test_every_span_is_in_one_batch_and_few_are_too_long() -> None:
    rng = np.random.default_rng(4)
    ends = np.cumsum(rng.integers(1, 60, 50)).tolist()
    spans = list(zip([0, *ends[:-1]], ends, strict=True))
    for planned in (plan_batches(spans, 40), plan_batches(spans, 40, rng)):
        assert sorted(span for batch in planned for span in batch) == spans
        sizes = [[end - begin for begin, end in batch] for batch in planned]
        assert all(sum(batch) <= 40 or len(batch) == 1 for batch in sizes)
    assert [span for batch in plan_batches(spans, 40) for span in batch] == spans


def test_a_batch_holds_the_words_of_its_lines(encoded: EncodedLines) -> None:
    batch = collate(encoded, [(2, 5), (0, 2)], labels=np.arange(5))
    assert batch.texts == (*TEXTS[2:], *TEXTS[:2])
    assert batch.page.tolist() == [0, 0, 0, 1, 1]
    assert batch.labels is not None
    assert batch.labels.tolist() == batch.features[:, 0].tolist() == [2, 3, 4, 0, 1]
    word_ends = [*batch.word_at.tolist()[1:], len(batch.words)]
    gram_ends = [*batch.gram_at.tolist()[1:], len(batch.grams)]
    for row, text in enumerate(batch.texts):
        alone = Tokenizer(500, 200).tokenize([text])
        assert batch.words[batch.word_at[row] : word_ends[row]].tolist() == alone.words.tolist()
        assert batch.grams[batch.gram_at[row] : gram_ends[row]].tolist() == alone.grams.tolist()
        assert (batch.first[row], batch.last[row]) == (alone.first[0], alone.last[0])
