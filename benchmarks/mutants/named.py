"""Mutants that once lived: each must be found in the code, and must die.

A change is a pattern of text in the one module that holds it, so that it survives renaming and
moving; where the pattern is found nowhere, or more than once, the tool says so and fails.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutants.changes import Mutant


@dataclass(frozen=True)
class Named:
    """A change: in the only file of `files` that has `pattern`, that becomes `after`."""

    name: str
    files: str  # a glob from the root
    pattern: str
    after: str
    tests: tuple[str, ...] = ()  # instead of those that mirror the file

    def found(self, root: Path) -> Mutant:
        """The mutant in the code as it is.

        Raises:
            LookupError: the pattern is not there exactly once.
        """
        found = [
            (file, match)
            for file in sorted(root.glob(self.files))
            for match in re.finditer(self.pattern, file.read_text("utf-8"))
        ]
        if len(found) != 1:
            raise LookupError(
                f"{self.name}: {self.pattern!r} is {len(found)} times in {self.files};"
                " the code has changed, and benchmarks/mutants/named.py must follow"
            )
        ((file, match),) = found
        text = file.read_text("utf-8")
        begin, end = (len(text[:at].encode()) for at in match.span())
        line = text[: match.start()].count("\n") + 1
        after = match.expand(self.after)
        module = str(file.relative_to(root))
        return Mutant(module, line, begin, end, match.group(), after, self.name, "")


NAMED = [
    Named(
        "cells of a table's row, 3 to 2",
        "pipeline/pdf/layout/*.py",
        r"_TABLE_CELLS = 3",
        "_TABLE_CELLS = 2",
    ),
    Named(
        "rows that have their like beside them, 0.8 to 0.3",
        "pipeline/pdf/layout/*.py",
        r"(SAME_ROWS = \(?\s*)0\.8\b",
        r"\g<1>0.3",
    ),
    Named(
        "weight by recency turned round",
        "pipeline/risk/*.py",
        r"2\.0 \*\* \(-",
        "2.0 ** (",
    ),
    Named(
        "weight by frequency dropped",
        "pipeline/risk/*.py",
        r"sparse\.diags_array\([^\n]*share[^\n]*\)\)",
        "sparse.diags_array(np.ones_like(share))",
    ),
    Named(
        "controls of a case, 4 to 1",
        "pipeline/risk/cohort*/heart_failure.yaml",
        r"controls: 4",
        "controls: 1",
        ("tests/risk",),
    ),
    Named(
        "controls of a case by default, 4 to 1",
        "pipeline/risk/**/*.py",
        r"(controls: int = Field\(\s*)4",
        r"\g<1>1",
        ("tests/risk",),
    ),
    Named(
        "who is scored: seen in the last 365 days, to 90",
        "pipeline/risk/**/*.py",
        r"(_SEEN_WITHIN_DAYS = )365",
        r"\g<1>90",
    ),
    Named(
        "short line that ends a paragraph, 6 em to 60",
        "pipeline/text/**/*.py",
        r"(SHORT_LINE = )6\.0",
        r"\g<1>60.0",
    ),
    Named(
        "surgical history is not past",
        "pipeline/mentions/**/*.py",
        r"\(\"history\", \"surgical_history\"\)",
        '("history",)',
    ),
    Named(
        "vectors that a model needs are vacuumed",
        "pipeline/store/**/*.py",
        r" and table != .concept_vectors.",
        "",
    ),
    Named(
        "language where neither is clear",
        "pipeline/text/language.py",
        r"counts\[best\] > min\(counts\.values\(\)\)",
        "True",
    ),
    Named(
        "no log1p of counts before onset models",
        "pipeline/risk/**/*.py",
        r"np\.log1p\(counts",
        "np.abs(counts",
    ),
    Named(
        "no log1p of unbounded features before onset models",
        "pipeline/risk/**/*.py",
        r"np\.sign\(x\) \* np\.log1p\(np\.abs\(x\)\)",
        "x",
    ),
    Named(
        "text of patients is not escaped in the report",
        "pipeline/views/**/*.py",
        r"html\.escape\(text\[begin:end\]\)",
        "text[begin:end]",
        ("tests/views",),
    ),
    Named(
        "values are not escaped in the report",
        "pipeline/views/report/*.py",
        r"autoescape=True",
        "autoescape=False",
        ("tests/views",),
    ),
]
