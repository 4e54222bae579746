"""EHR sources to MEDS events: a folder or file is recognised by what it holds, and read lazily."""

from chartline.history.sources.common import Source
from chartline.history.sources.recognition import read_source

__all__ = ["Source", "read_source"]
