"""A user's map from the codes of measurements in documents to LOINC."""

import re
from pathlib import Path

import polars as pl

from chartline.core.errors import UsageError

LOINC = "LOINC"
MEASUREMENTS = "CHARTLINE"  # the vocabulary of measurements that documents name
_CODE = re.compile(r"\d{1,7}-\d")  # a number and its check digit


def loinc_map(file: Path | None) -> dict[str, str]:
    """Codes of events to LOINC's, as in `CHARTLINE//potassium` to `LOINC//2823-3`.

    Args:
        file: a CSV file with the columns code and loinc; None: no map.

    Raises:
        UsageError: it cannot be read, lacks a column, holds a code that is none of LOINC's form, or
            gives one code two.
    """
    if file is None:
        return {}
    try:
        table = pl.read_csv(file, infer_schema=False).select("code", "loinc").drop_nulls()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(
            f"{file}: not a CSV with the columns code, loinc ({type(error).__name__})"
        ) from None
    found: dict[str, str] = {}
    for row, (code, loinc) in enumerate(table.iter_rows(), 1):
        name, target = code.strip().removeprefix(f"{MEASUREMENTS}//"), loinc.strip()
        if not _CODE.fullmatch(target):
            raise UsageError(f"{file}: row {row}: {target!r} is no LOINC code such as 2823-3")
        if (
            found.setdefault(f"{MEASUREMENTS}//{name}", f"{LOINC}//{target}")
            != f"{LOINC}//{target}"
        ):
            raise UsageError(f"{file}: row {row}: {name} has two LOINC codes")
    return found
