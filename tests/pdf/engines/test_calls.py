"""C functions of pdfium over many arguments."""

import ctypes

import numpy as np

from chartline.pdf.engines.calls import Buffer, bare, collect


def test_nothing_asked_gives_nothing() -> None:
    function, handle = bare("FPDFText_GetLooseCharBox"), ctypes.c_void_p(0)
    nothing = np.zeros(0, np.int64)
    assert Buffer(ctypes.c_float, 4).fill(function, handle, nothing).shape == (0, 4)
    assert collect(bare("FPDFText_GetUnicode"), handle, nothing, int).shape == (0,)
