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


_LAYOUT, _RISK = "pipeline/pdf/layout/*.py", "pipeline/risk/**/*.py"
_VIEWS = "pipeline/views/**/*.py"

NAMED = [
    Named("cells of a table's column, 3 to 2", _LAYOUT, r"(_TABLE_CELLS = )3\b", r"\g<1>2"),
    Named(
        "rows of a grid that have their like, 0.8 to 0.3",
        _LAYOUT,
        r"(SAME_ROWS = \(?\s*)0\.8\b",
        r"\g<1>0.3",
    ),
    Named("weight by recency turned round", _RISK, r"2\.0 \*\* \(-", "2.0 ** ("),
    Named(
        "weight by frequency dropped",
        _RISK,
        r"_FREQUENCY / \(_FREQUENCY \+ (\w+)\)",
        r"(0 * \g<1> + 1)",
    ),
    Named(
        "controls of a case in the shipped cohort, 4 to 1",
        "pipeline/risk/cohorts/heart_failure.yaml",
        r"controls: 4",
        "controls: 1",
        ("tests/risk/test_cohort.py", "tests/risk/test_cohort_rules.py"),
    ),
    Named(
        "controls of a case by default, 4 to 1",
        _RISK,
        r"(controls: int = Field\(\s*)4",
        r"\g<1>1",
    ),
    Named(
        "scored: who was seen in the last 365 days, to 90",
        _RISK,
        r"(SEEN_WITHIN_DAYS = )365",
        r"\g<1>90",
    ),
    Named(
        "short line that ends a paragraph, 6 em to 60",
        "pipeline/text/*.py",
        r"(_SHORT_LINE = )6\.0",
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
        "pipeline/store/*.py",
        r"frozenset\(\{\"concept_vectors\"\}\)",
        "frozenset()",
    ),
    Named(
        "a language is said however unsure it is",
        "pipeline/text/*.py",
        r"(_LEAST = )0\.6",
        r"\g<1>0.01",
    ),
    Named("no log1p of counts before onset models", _RISK, r"counts\.log1p\(\)", "counts"),
    Named(
        "no log1p of unbounded features before onset models",
        _RISK,
        r"np\.sign\(x\) \* np\.log1p\(np\.abs\(x\)\)",
        "x",
    ),
    Named(
        "text of patients is not escaped in the report",
        _VIEWS,
        r"html\.escape\(text\[begin:end\]\)",
        "text[begin:end]",
    ),
    Named("codes are not escaped in the report", _VIEWS, r"html\.escape\((\" \"\.join)", r"(\1"),
    Named(
        "values are not escaped in the report",
        "pipeline/views/report/*.py",
        r"autoescape=True",
        "autoescape=False",
    ),
    Named(
        "values are not escaped in a notebook",
        "pipeline/api/*.py",
        r"autoescape=True",
        "autoescape=False",
        ("tests/api/test_read.py",),
    ),
]
