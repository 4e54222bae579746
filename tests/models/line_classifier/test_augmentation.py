"""What training changes on its pages leaves lines, their places and their labels as they were."""

import numpy as np
import polars as pl
import pytest
import torch

from chartline.models.line_classifier.augmentation import hide_text, move_pages, replace_words
from chartline.models.line_classifier.batching import collate, page_spans
from chartline.models.line_classifier.encoding import encode
from chartline.models.line_classifier.network import Batch
from chartline.models.line_classifier.recipe import Recipe

WORDS = 1000


@pytest.fixture
def batch() -> Batch:
    count = 40
    place = {"x0": 50.0, "x1": 300.0, "page_width": 595.0, "page_height": 842.0, "size": 10.0}
    lines = pl.DataFrame(
        {
            "document_id": ["a"] * count,
            "page": [1 + row // 20 for row in range(count)],
            "text": [f"The patient number {row} walks to ward {row % 7}" for row in range(count)],
            "top": [40.0 + 14 * (row % 20) for row in range(count)],
            "bottom": [52.0 + 14 * (row % 20) for row in range(count)],
            **{name: [value] * count for name, value in place.items()},
            "bold": [False] * count,
            "italic": [False] * count,
        }
    )
    encoded = encode(lines, WORDS, 500)
    torch.manual_seed(3)
    return collate(encoded, page_spans(encoded), np.arange(count) % 10)


def test_strange_words_stand_where_others_stood(batch: Batch) -> None:
    found = replace_words(batch, 1.0, WORDS)
    for name in ("words", "grams", "first", "last"):
        before, after = getattr(batch, name), getattr(found, name)
        assert before.shape == after.shape
        assert not torch.equal(before, after)
    assert int(found.words.min()) >= 1
    assert int(found.words.max()) < WORDS
    assert set(found.grams.tolist()) <= set(batch.grams.tolist())
    for name in ("word_at", "gram_at", "features", "boxes", "page", "labels"):
        assert torch.equal(getattr(batch, name), getattr(found, name))


def test_no_page_is_strange_where_none_is_asked_for(batch: Batch) -> None:
    found = replace_words(batch, 0.0, WORDS)
    assert all(
        torch.equal(getattr(batch, name), getattr(found, name))
        for name in ("words", "grams", "first", "last")
    )


def test_a_page_whose_text_is_hidden_keeps_its_lines(batch: Batch) -> None:
    recipe = Recipe(drop_page_text=1.0, shift=0.0, zoom=0.0)
    found = move_pages(hide_text(batch, recipe), recipe)
    assert not found.words.any()
    assert not found.grams.any()
    assert not any(found.texts)
    assert torch.allclose(found.boxes, batch.boxes, atol=1e-6)
    assert torch.equal(found.labels, batch.labels)
