"""`python -m synthesis`: a wrong call is one line, before any page is written."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from synthesis.__main__ import train


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--weights", "nowhere"), "nowhere: no model.safetensors"),
        (("--text-encoder", "nowhere"), "nowhere: no config.json of an encoder"),
        (
            ("--weights", "w", "--text-encoder", "e"),
            "--text-encoder starts anew and --weights goes on: one of them",
        ),
    ],
)
def test_a_wrong_call_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.command()(train)
    done = CliRunner().invoke(app, ["--out", "o", *options])
    error = capfd.readouterr().err  # written past sys.stderr
    assert (done.exit_code, error) == (2, f"chartline: {message}\n")
    assert not list(tmp_path.iterdir())
