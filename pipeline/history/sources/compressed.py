"""Files that may be compressed by gzip."""

import gzip
import zlib
from pathlib import Path
from typing import BinaryIO, cast

UNREADABLE = (OSError, EOFError, zlib.error)  # raised by a file that cannot be read to its end


def is_compressed(file: Path) -> bool:
    """Whether a file is compressed, by its name."""
    return file.suffix.lower() == ".gz"


def opened(file: Path) -> BinaryIO:
    """A file's bytes, decompressed where its name ends in `.gz`."""
    return cast(BinaryIO, gzip.open(file, "rb") if is_compressed(file) else file.open("rb"))
