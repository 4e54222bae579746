"""The report: one self-contained HTML page over the tables, lines of pages coloured by label."""

from chartline.views.report.page import write

__all__ = ["write"]
