"""The report: one self-contained HTML page over the tables, with pages whose lines are coloured by label."""

from chartline.views.report.page import write

__all__ = ["write"]
