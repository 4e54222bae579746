"""`chartline terms` answers in one screen."""

from pathlib import Path

from typer.testing import CliRunner

from chartline.terminal.commands import app


def test_a_word_a_code_and_a_word_that_nobody_knows() -> None:
    word = CliRunner().invoke(app, ["terms", "heart attack"])
    assert word.exit_code == 0
    assert "ICD10//I21.9" in word.output
    code = CliRunner().invoke(app, ["terms", "ICD10//I50.9"])
    assert "Herzinsuffizienz" in code.output
    nothing = CliRunner().invoke(app, ["terms", "zzzz"])
    assert nothing.exit_code == 0
    assert "zzzz: no term of any language, and no code" in nothing.output


def test_one_s_own_list_counts(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("term,code,vocabulary,language\nzzzz,7,LOCAL,fr\n")
    (tmp_path / "c.toml").write_text(f'[reading]\nterms = ["{tmp_path / "own.csv"}"]\n')
    done = CliRunner().invoke(app, ["terms", "zzzz", "--config", str(tmp_path / "c.toml")])
    assert "LOCAL//7" in done.output
    (tmp_path / "own.csv").write_text("term,code\n")
    done = CliRunner().invoke(app, ["terms", "yyyy", "--config", str(tmp_path / "c.toml")])
    assert done.exit_code == 2
