"""The columns of a frame of lines as arrays."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Ids = NDArray[np.int64]

_COORDINATES_AND_STYLE = ("x0", "top", "x1", "bottom", "size", "bold", "italic")


@dataclass(frozen=True)
class LineColumns:
    """N lines of P pages of D documents.

    Attributes:
        text: the text of each line, N.
        page: the number of its page in the document, from 1, N.
        x0: its left edge in points, N; so `top`, `x1` (right edge) and `bottom`.
        size: its font size in points, N.
        bold: 1 where it is bold, else 0, N; so `italic`.
        pages: page i has the lines pages[i]:pages[i + 1], P + 1.
        documents: document i has the lines documents[i]:documents[i + 1], D + 1.
    """

    text: list[str]
    page: Ids
    x0: Doubles
    top: Doubles
    x1: Doubles
    bottom: Doubles
    size: Doubles
    bold: Doubles
    italic: Doubles
    pages: Ids
    documents: Ids

    @classmethod
    def of(cls, lines: pl.DataFrame) -> Self:
        """From a frame sorted by document, page and line."""
        page, names = lines["page"].to_numpy().astype(np.int64), lines["document_id"].to_list()
        changes = [True, *(one != other for one, other in pairwise(names))][: len(names)]
        new_document = np.array(changes, np.bool_)
        new_page = new_document | (np.diff(page, prepend=-1) != 0)
        end = [len(lines)]
        arrays = {
            name: lines[name].to_numpy().astype(np.float64) for name in _COORDINATES_AND_STYLE
        }
        return cls(
            text=lines["text"].to_list(),
            page=page,
            pages=np.concatenate([np.flatnonzero(new_page), end]),
            documents=np.concatenate([np.flatnonzero(new_document), end]),
            **arrays,
        )

    def lengths(self) -> Doubles:
        """The number of characters of each line, N."""
        return np.fromiter(map(len, self.text), np.float64, len(self.text))

    def page_counts(self) -> Ids:
        """For each line the number of its document's last page, N."""
        if not self.text:
            return self.page
        last = np.maximum.reduceat(self.page, self.documents[:-1])
        return np.repeat(last, np.diff(self.documents))
