"""EHR sources to MEDS events: a folder or file is recognised by its content and read lazily."""

from chartline.history.sources.recognition import read_source
from chartline.history.sources.source import Source

__all__ = ["Source", "read_source"]
