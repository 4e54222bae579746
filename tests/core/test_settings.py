"""A file is overruled by the environment, the environment by a flag; what is wrong is named."""

import re
from pathlib import Path

import pytest

from chartline.core.errors import UsageError
from chartline.core.settings import VARIABLES, Settings, load
from chartline.core.settings.listing import groups, listed


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


def test_lists_and_tables_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTLINE_FEATURES__POOLS", '["presence", "sum"]')
    monkeypatch.setenv("CHARTLINE_EHR__COLUMNS", '{"time": "DATE"}')
    monkeypatch.setenv("CHARTLINE_EHR__COLUMNS__CODE", "ICD")
    found = load()
    assert found.features.pools == ["presence", "sum"]
    assert found.ehr.columns == {"time": "DATE", "code": "ICD"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "setting x: unknown"),
        ("[reading]\nworkers = 0", "setting reading.workers: Input should be greater"),
        ("[reading]\nworker = 2", "setting reading.worker: unknown; did you mean reading.workers?"),
        ("[redaing]\nworkers = 2", "setting redaing: unknown; did you mean reading?"),
        ("workers = 2", "setting workers: unknown; did you mean reading.workers?"),
        (
            "[reading]\npage_seconds = 2",
            "setting reading.page_seconds: unknown; did you mean reading.limits.page_seconds?",
        ),
        ("[onset]\ncohorts = 'x'", "setting onset.cohorts: unknown; did you mean onset.cohort?"),
        ("not toml", "not a readable TOML file"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(UsageError, match=re.escape(message)):
        load(tmp_path / "c.toml")


def test_nothing_is_suggested_for_what_is_like_nothing(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("zzzz = 1")
    with pytest.raises(UsageError, match=r"^setting zzzz: unknown$"):
        load(tmp_path / "c.toml")


def test_an_engine_unknown_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match=r"reading\.engine"):
        load(None, {"reading.engine": "acrobat"})


def test_a_flag_unknown_is_answered_with_the_nearest() -> None:
    with pytest.raises(
        UsageError, match=r"setting reading\.engin: unknown; did you mean reading\.engine\?"
    ):
        load(None, {"reading.engin": "auto"})


@pytest.mark.parametrize(
    ("variable", "nearest"),
    [
        ("CHARTLINE_READING__WORKER", "CHARTLINE_READING__WORKERS"),
        ("CHARTLINE_READING_WORKERS", "CHARTLINE_READING__WORKERS"),
        ("CHARTLINE_DASKS", "CHARTLINE_DASK"),
    ],
)
def test_a_variable_unknown_is_answered_with_the_nearest(
    variable: str, nearest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(UsageError) as error:
        load()
    assert str(error.value) == (
        f"environment variable {variable}: unknown; did you mean {nearest}?"
    )


@pytest.mark.parametrize("variable", sorted(VARIABLES))
def test_our_other_variables_are_no_settings(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "tcp://scheduler:8786")
    assert load() == Settings()


def test_every_variable_of_ours_that_the_code_reads_is_a_setting_or_named() -> None:
    root = Path(__file__).parents[2]
    sources = [
        *root.glob("pipeline/**/*.py"),
        *root.glob("flows/*.py"),
        *root.glob("models/**/*.py"),
    ]
    read = {
        name
        for file in sources
        for name in re.findall(r"environ[^\n]*\"(CHARTLINE_\w+)\"", file.read_text())
    }
    assert read == set(VARIABLES)


def test_every_setting_says_what_it_means() -> None:
    for setting in listed(Settings):
        assert re.fullmatch(r"[A-Za-z].{10,}\.", setting.meaning), setting.name
        assert setting.values
    for name, meaning in groups(Settings):
        assert meaning.endswith("."), name
