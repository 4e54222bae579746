"""Lines to the numbers that the network takes: hashed words, features, boxes.

The input is a frame with the columns of the lines table, sorted by document, page and line. No
label is read. All is done on arrays: on the few lines of a document a frame's expressions take ten
times as long.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from chartline.models.line_classifier import layout_features, page_features, text_features
from chartline.models.line_classifier.columns import LineColumns
from chartline.models.line_classifier.tokens import Tokenizer, Tokens

FEATURES = 43  # the columns of `EncodedLines.features`
NEIGHBOUR_PAGES = slice(33, 38)  # those that compare a line with other pages


@dataclass(frozen=True)
class EncodedLines:
    """N lines of P pages.

    Attributes:
        texts: the text of each line, N.
        tokens: the words and trigrams of each line.
        features: N x FEATURES.
        boxes: left, top, right, bottom as shares of the page's width and height, N x 4.
        pages: page i has the lines pages[i]:pages[i + 1], P + 1.
    """

    texts: list[str]
    tokens: Tokens
    features: NDArray[np.float32]
    boxes: NDArray[np.float32]
    pages: NDArray[np.int64]


@cache
def tokenizer(word_buckets: int, gram_buckets: int) -> Tokenizer:
    """The process's one tokenizer of these sizes: it remembers words."""
    return Tokenizer(word_buckets, gram_buckets)


def encode(lines: pl.DataFrame, word_buckets: int, gram_buckets: int) -> EncodedLines:
    """The numbers of every line, in the order of the frame.

    A line's numbers depend on its own document only.

    Args:
        lines: document_id, page, text, x0, top, x1, bottom, page_width, page_height, size, bold,
            italic, as in the lines table.
        word_buckets: ids of words are below this.
        gram_buckets: ids of trigrams are below this.
    """
    columns = LineColumns.of(lines)
    tokens = tokenizer(word_buckets, gram_buckets).tokenize(columns.text)
    width, height = lines["page_width"].to_numpy(), lines["page_height"].to_numpy()
    boxes = np.stack(
        [columns.x0 / width, columns.top / height, columns.x1 / width, columns.bottom / height],
        axis=1,
    )
    # the order of these columns is that of the saved weights
    features = np.concatenate(
        [
            text_features.characters(columns, tokens),
            page_features.style(columns, tokens),
            layout_features.white_space(columns),
            page_features.repetition(columns),
            layout_features.alignment(columns),
            page_features.page_numbers(columns),
        ],
        axis=1,
    )
    assert features.shape[1] == FEATURES, features.shape
    return EncodedLines(
        columns.text, tokens, features.astype(np.float32), boxes.astype(np.float32), columns.pages
    )
