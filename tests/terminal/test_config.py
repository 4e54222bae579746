"""`chartline config` prints a file that can be read back; `--version` prints the version."""

import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chartline.core.settings import Settings, load
from chartline.core.settings.listing import listed, value_of
from chartline.terminal.commands import app
from chartline.terminal.config import as_toml

EVERYTHING = """\
tables = "s3://charts/north"
keep_days = 7
[reading]
workers = 3
weights = "my weights/a\\"b"
[reading.limits]
ocr_seconds = 0.5
[ehr]
columns = {time = "DATE", "code" = "ICD 10"}
separator = ";"
[embedding]
decay_days = 12.5
[features]
pools = ["sum", "mean"]
windows_days = [30, 365]
"""


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["config", *map(str, arguments)])


def test_the_printed_file_gives_the_defaults_and_names_every_setting(tmp_path: Path) -> None:
    result = call("--write", tmp_path / "c.toml")
    assert result.exit_code == 0
    assert load(tmp_path / "c.toml") == Settings()
    text = (tmp_path / "c.toml").read_text()
    assert call().stdout == text
    given = tomllib.loads(text)
    for setting in listed(Settings):
        *groups, key = setting.name.split(".")
        values = given
        for group in groups:
            values = values[group]
        # what has no fixed default is there too, as a comment
        assert key in values or f"\n# {key} =" in text, setting.name
        assert " ".join(setting.meaning.split()) in " ".join(text.replace("\n# ", " ").split())


def test_defaults_do_not_depend_on_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = call().stdout
    monkeypatch.setenv("CHARTLINE_KEEP_DAYS", "3")
    assert call().stdout == before


def test_a_file_that_is_there_is_not_overwritten(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "c.toml").write_text("mine")
    result = call("--write", tmp_path / "c.toml")
    assert (result.exit_code, (tmp_path / "c.toml").read_text()) == (2, "mine")
    assert "exists already" in capfd.readouterr().err  # written past sys.stderr


def test_effective_values_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.toml").write_text(EVERYTHING)
    monkeypatch.setenv("CHARTLINE_EMBEDDING__SEED", "11")
    shown = call("--config", tmp_path / "mine.toml")
    assert shown.exit_code == 0
    (tmp_path / "shown.toml").write_text(shown.stdout)
    effective = load(tmp_path / "mine.toml")
    assert (effective.embedding.seed, effective.reading.workers) == (11, 3)
    monkeypatch.delenv("CHARTLINE_EMBEDDING__SEED")
    assert load(tmp_path / "shown.toml") == effective


def test_each_default_can_be_changed_and_comes_back(tmp_path: Path) -> None:
    """Whatever a setting's value, the printed file gives it again."""
    effective = Settings.model_validate(tomllib.loads(EVERYTHING))
    (tmp_path / "c.toml").write_text(as_toml(effective))
    again = load(tmp_path / "c.toml")
    for setting in listed(Settings):
        assert value_of(again, setting.name) == value_of(effective, setting.name), setting.name


def test_a_wrong_file_is_a_usage_error(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.toml").write_text("[reading]\nworker = 1\n")
    result = call("--config", tmp_path / "c.toml")
    assert result.exit_code == 2
    message = "setting reading.worker: unknown; did you mean reading.workers?"
    assert message in capfd.readouterr().err


def test_version() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"chartline {version('chartline')}\n")
