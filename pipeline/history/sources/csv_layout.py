"""How a CSV file is written: its separator, its quotes, its encoding, whether it is compressed."""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from chartline.history.sources.compressed import is_compressed, opened

_SEPARATORS = ",;\t|"
_HEAD = 1 << 16  # bytes in which the header is looked for
_BLOCK = 1 << 24  # bytes read at once
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_IN_1252 = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
_LISTED = 100  # numbers of lines kept: as many as the table event_faults lists


@dataclass(frozen=True)
class Layout:
    """How a CSV file is written.

    Attributes:
        separator: Between fields.
        quote: Around fields; None where a quotation mark is text.
        plain: Whether it is UTF-8 and not compressed.
        wide: Whether it is UTF-16.
        foreign: Lines that are not UTF-8: their number, and the first of them, from 1 after the
            header.
        unclosed: Lines with a quotation mark that has no end, in the same form, in a file of which
            the marks do not come in pairs. There each line is a row, and these have no marks.
    """

    separator: str
    quote: str | None
    plain: bool
    wide: bool = False
    foreign: tuple[int, list[int]] = field(default=(0, []))
    unclosed: tuple[int, list[int]] = field(default=(0, []))


def layout_of(file: Path, separator: str | None = None) -> Layout:
    """How `file` is written; its separator is the commonest of `,;|` and tab in its header.

    The file is read once to its end, to see whether it is UTF-8.

    Args:
        file: A CSV file, compressed or not.
        separator: Between fields, where it is known.

    Raises:
        OSError: the file cannot be read.
        EOFError: it is compressed, and ends too early.
    """
    state = file.stat()
    return _layout(file, separator, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=256)
def _layout(file: Path, separator: str | None, size: int, modified: int) -> Layout:
    """`layout_of`; size and time of change make an entry of the cache that of one content."""
    with opened(file) as stream:
        head = stream.read(_HEAD)
    wide = head.startswith(_WIDE_MARKS)
    header = head.decode("utf-16" if wide else "utf-8", errors="replace").partition("\n")[0]
    found = separator or max(_SEPARATORS, key=header.count)
    # Tab-separated files, such as OMOP's vocabularies, hold quotation marks that are text. One
    # that quotes fields quotes those of its header too.
    quote = None if found == "\t" and '"' not in header else '"'
    if wide:
        return Layout(found, quote, plain=False, wide=True)
    is_utf8, marks = _examined(file)
    foreign = (0, list[int]()) if is_utf8 else _lines_that(file, _is_foreign)
    pairs = quote is None or marks % 2 == 0
    unclosed = (0, list[int]()) if pairs else _lines_that(file, _is_unclosed)
    plain = not is_compressed(file) and is_utf8 and pairs
    return Layout(found, quote, plain=plain, foreign=foreign, unclosed=unclosed)


def _examined(file: Path) -> tuple[bool, int]:
    """Whether a file is UTF-8, and how many quotation marks it holds."""
    decoder, is_utf8, marks = codecs.getincrementaldecoder("utf-8")(), True, 0
    with opened(file) as stream:
        while block := stream.read(_BLOCK):
            marks += block.count(b'"')
            is_utf8 = is_utf8 and _decodes(decoder, block)
    return is_utf8 and _decodes(decoder, b"", final=True), marks


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _is_foreign(line: bytes) -> bool:
    return not line.isascii() and not _decodes(
        codecs.getincrementaldecoder("utf-8")(), line, final=True
    )


def _is_unclosed(line: bytes) -> bool:
    return line.count(b'"') % 2 == 1


def _lines_that(file: Path, is_so: Callable[[bytes], bool]) -> tuple[int, list[int]]:
    """How many lines of a file are so, and which are the first of them."""
    count, first = 0, list[int]()
    with opened(file) as stream:
        for number, line in enumerate(_lines(stream)):
            if is_so(line):
                count += 1
                first += [number] if len(first) < _LISTED else []
    return count, first


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines of at most a block each, so that a file without line ends is not held as a whole."""
    while line := stream.readline(_BLOCK):
        yield line


def blocks(file: Path, layout: Layout) -> Iterator[bytes]:
    """A file's content in UTF-8, decompressed, in blocks of whole rows.

    Lines that are not UTF-8 are taken as Windows-1252. A row may hold line ends between quotation
    marks; a row of more than four blocks is cut.
    """
    kept, quote = b"", None if layout.unclosed[0] else layout.quote
    with opened(file) as stream:
        decoder = codecs.getincrementaldecoder("utf-16")() if layout.wide else None
        while block := stream.read(_BLOCK):
            kept += decoder.decode(block).encode() if decoder else block
            end = _end_of_rows(kept, quote)
            if not end and len(kept) > 4 * _BLOCK:
                end = len(kept)
            if end:
                yield _repaired(kept[:end], layout)
                kept = kept[end:]
    if kept:
        yield _repaired(kept, layout)


def _end_of_rows(content: bytes, quote: str | None) -> int:
    """Where the last whole row ends: after a line end that no quotation marks enclose."""
    end = content.rfind(b"\n") + 1
    if quote is None:
        return end
    mark = quote.encode()
    while end and content.count(mark, 0, end) % 2:
        end = content.rfind(b"\n", 0, end - 1) + 1
    return end


def _repaired(content: bytes, layout: Layout) -> bytes:
    """Rows in UTF-8; lines with a quotation mark without its end have none."""
    if layout.unclosed[0]:
        content = b"".join(
            line.replace(b'"', b"") if _is_unclosed(line) else line
            for line in content.splitlines(keepends=True)
        )
    return _as_utf8(content)


def _as_utf8(content: bytes) -> bytes:
    try:
        content.decode()
    except UnicodeDecodeError:
        return b"".join(_line_as_utf8(line) for line in content.splitlines(keepends=True))
    return content


def _line_as_utf8(line: bytes) -> bytes:
    try:
        line.decode()
    except UnicodeDecodeError:
        # Windows-1252 leaves five bytes without a meaning; Latin-1 has one for each
        encoding = "latin-1" if set(line) & _NOT_IN_1252 else "cp1252"
        return line.decode(encoding).encode()
    return line
