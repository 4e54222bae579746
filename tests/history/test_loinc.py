"""A user's map to LOINC: read, or refused in one line."""

from pathlib import Path

import pytest

from chartline.core.errors import UsageError
from chartline.history.loinc import loinc_map


def written(folder: Path, text: str) -> Path:
    file = folder / "map.csv"
    file.write_text(text)
    return file


def test_our_codes_to_loinc(tmp_path: Path) -> None:
    file = written(tmp_path, "code,loinc\npotassium,2823-3\nCHARTLINE//sodium, 2951-2\n")
    assert loinc_map(file) == {
        "CHARTLINE//potassium": "LOINC//2823-3",
        "CHARTLINE//sodium": "LOINC//2951-2",
    }
    assert loinc_map(None) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code,name\npotassium,x\n", "not a CSV with the columns code, loinc"),
        ("code,loinc\npotassium,potassium\n", "row 1: 'potassium' is no LOINC code"),
        ("code,loinc\nsodium,2951-2\nsodium,2823-3\n", "row 2: sodium has two LOINC codes"),
        ("", "not a CSV"),
    ],
)
def test_what_is_no_map(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as raised:
        loinc_map(written(tmp_path, text))
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a CSV"):
        loinc_map(tmp_path / "none.csv")
