"""`chartline show` tells that nights are missing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from typer.testing import CliRunner

from chartline.store import Store
from chartline.terminal.commands import app


def shown(out: Path, *options: str) -> str:
    result = CliRunner().invoke(app, ["show", str(out), *options], env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_show_warns_of_missing_nights_as_the_setting_says(tmp_path: Path) -> None:
    began = datetime.now(UTC) - timedelta(hours=72)
    row = {"run_id": "a", "kind": "documents", "status": "finished", "version": "1"}
    Store(tmp_path / "out").put_run(row | {"started_at": began, "seconds": 3600.0})
    warning = "WARNING: the last night that finished ended 71 hours ago"
    assert warning in shown(tmp_path / "out")
    (tmp_path / "a.toml").write_text("night_overdue_hours = 96\n")
    assert "WARNING" not in shown(tmp_path / "out", "--config", str(tmp_path / "a.toml"))
