"""One C function of pdfium over many arguments: no Python statement runs between two calls.

A call through the declared ctypes prototype costs some 500 ns, mostly converting arguments. Bare prototypes, results
written through references made once, and `map` in place of a loop bring it to some 180 ns.
"""

import ctypes
from collections import deque
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray


class Handle(ctypes.c_void_p):
    """A pointer that stays one: a plain c_void_p that a function returns becomes an int, which no bare call takes."""


def bare(name: str, result: Any = ctypes.c_int) -> Any:
    """pdfium's function `name` without argument conversion; pointers must be given as Handle or c_void_p."""
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(result)(address)


class Buffer:
    """Room for `width` numbers a call; `refs` point at each row's columns. It grows and is used again."""

    def __init__(self, kind: Any, width: int, pointers: int = 1) -> None:
        self.kind, self.width, self.pointers = kind, width, pointers
        self.room = 0
        self.columns: list[list[Any]] = []

    def fill(self, function: Any, handle: Any, indices: NDArray[np.int64]) -> NDArray[Any]:
        """Calls `function(handle, index, *pointers)` for each index; a copy of what was written (indices x width)."""
        count = len(indices)
        if not count:
            return np.zeros((0, self.width), dtype=self.kind)
        self._grow(count)
        deque(map(function, repeat(handle), indices.tolist(), *self.columns), maxlen=0)
        return (
            np.frombuffer(self.memory, dtype=self.kind, count=count * self.width)
            .reshape(count, self.width)
            .copy()
        )

    def _grow(self, count: int) -> None:
        if count <= self.room:
            return
        self.room = max(4096, 2 * count)
        self.memory = (self.kind * (self.width * self.room))()
        step, part = ctypes.sizeof(self.kind) * self.width, ctypes.sizeof(self.kind)
        self.columns = [
            [ctypes.byref(self.memory, row * step + pointer * part) for row in range(self.room)]
            for pointer in range(self.pointers)
        ]


def collect(function: Any, handle: Any, indices: NDArray[np.int64], dtype: Any) -> NDArray[Any]:
    """`function(handle, index)` for each index."""
    return np.fromiter(map(function, repeat(handle), indices.tolist()), dtype, len(indices))
