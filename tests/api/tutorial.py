"""Runs a page's blocks of Python and puts what they print into the blocks of text under them.

`python tests/api/tutorial.py` writes docs/tutorial.md anew; a test compares the two.
"""

import contextlib
import io
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tutorial.md"
_BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def executed(page: str) -> str:
    """The page with what its code prints. The code runs in an empty folder beside sample_docs."""
    values: dict[str, Any] = {"__name__": "tutorial"}
    printed = ""

    def fresh(block: re.Match[str]) -> str:
        nonlocal printed
        if block[1] == "text":
            return f"```text\n{printed}```"
        with contextlib.redirect_stdout(io.StringIO()) as output:
            exec(compile(block[2], PAGE.name, "exec"), values)
        printed = "\n".join(line.rstrip() for line in output.getvalue().splitlines()) + "\n"
        return block[0]

    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, pl.Config(tbl_width_chars=100):
        (Path(folder) / "sample_docs").symlink_to(ROOT / "sample_docs")
        os.chdir(folder)
        try:
            return _BLOCK.sub(fresh, page)
        finally:
            os.chdir(before)


if __name__ == "__main__":
    PAGE.write_text(executed(PAGE.read_text("utf-8")), "utf-8")
