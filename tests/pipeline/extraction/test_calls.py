"""C functions of pdfium over many arguments."""

import ctypes

from pipeline.extraction.calls import Buffer, bare, collect


def test_nothing_asked_gives_nothing() -> None:
    function, handle = bare("FPDFText_GetLooseCharBox"), ctypes.c_void_p(0)
    assert Buffer(ctypes.c_float, 4).fill(function, handle, [], 0).shape == (0, 4)
    assert collect(bare("FPDFText_GetUnicode"), handle, [], 0, int).shape == (0,)
