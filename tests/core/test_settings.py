"""A file is overruled by the environment, the environment by a flag."""

from pathlib import Path

import pytest

from chartline.core.errors import UsageError
from chartline.core.settings import load


def test_precedence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "c.toml"
    file.write_text("[reading]\nworkers = 2\nengine = 'pdfium'\n[embedding]\nwindow_days = 7\n")
    monkeypatch.setenv("CHARTLINE_READING__WORKERS", "3")
    found = load(file, {"reading.engine": "pdfplumber"})
    assert (found.reading.workers, found.reading.engine, found.embedding.window_days) == (
        3,
        "pdfplumber",
        7,
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "setting x"),
        ("[reading]\nworkers = 0", "setting reading.workers"),
        ("not toml", "not a readable TOML file"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(UsageError, match=message):
        load(tmp_path / "c.toml")


def test_an_engine_unknown_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"reading\.engine"):
        load(None, {"reading.engine": "acrobat"})
