"""Calls one C function of pdfium for many characters, with no Python statement between two calls.

A call through a declared ctypes prototype costs some 500 ns, most of it for converting arguments.
Prototypes without argument types, results written through references that are made once, and `map`
instead of a loop bring it to some 180 ns.
"""

import ctypes
from collections import deque
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray


class Handle(ctypes.c_void_p):
    """A pointer as a function's result.

    A plain c_void_p would become an int, which a function without argument types does not take.
    """


def bare(name: str, result: Any = ctypes.c_int) -> Any:
    """pdfium's function `name` without argument types; pointers must be Handle or c_void_p."""
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(result)(address)


class Buffer:
    """Memory for the results of many calls, which grows and is used again.

    Args:
        kind: the ctypes type of a number.
        width: numbers a call.
        pointers: arguments through which a call writes them: one for all, or one each.
    """

    def __init__(self, kind: Any, width: int, pointers: int = 1) -> None:
        self.kind, self.width, self.pointers = kind, width, pointers
        self.room = 0
        self.columns: list[list[Any]] = []

    def fill(self, function: Any, handle: Any, indices: NDArray[np.int64]) -> NDArray[Any]:
        """Calls `function(handle, index, *pointers)` for each index.

        Returns:
            What the calls wrote (indices x width), a copy.
        """
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
