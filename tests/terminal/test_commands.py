"""The terminal as a user meets it: exit codes, one line for what is wrong, nothing lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from conftest import LITTLE_TOML, manifest, reportlab_letter
from risk.planted import CASES, bearing, population

from chartline.core.tables import Events, cast_to
from chartline.store import Store

CHARTLINE = [sys.executable, "-c", "from chartline.terminal import main; main()"]
QUICK = {
    "CHARTLINE_READING__WORKERS": "1",
    "CHARTLINE_EMBEDDING__DIMENSIONS": "8",
    "CHARTLINE_ONSET__CLASSIFIERS": '["logistic regression"]',
    "CHARTLINE_ONSET__BASELINES": '["logistic regression"]',
}


def chartline(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CHARTLINE, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, **QUICK},
    )


def said(result: subprocess.CompletedProcess[str]) -> str:
    """The one line on standard error."""
    lines = [line for line in result.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_no_folder_and_no_pdf_are_usage_errors(tmp_path: Path) -> None:
    result = chartline("run", tmp_path / "gone", "--out", tmp_path / "out")
    assert result.returncode == 2
    assert said(result) == f"chartline: {tmp_path / 'gone'}: no such folder"
    (tmp_path / "docs").mkdir()
    result = chartline("run", tmp_path / "docs", "--out", tmp_path / "out")
    assert result.returncode == 2
    assert said(result).endswith("no PDF in this folder")


def test_a_wrong_flag_is_a_usage_error(docs: Path, tmp_path: Path) -> None:
    assert chartline("run", docs).returncode == 2
    result = chartline("run", docs, "--out", tmp_path / "out", "--engine", "acrobat")
    assert result.returncode == 2
    assert "reading.engine" in said(result)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder_is_said(docs: Path, tmp_path: Path) -> None:
    docs.chmod(0)
    try:
        result = chartline("run", docs, "--out", tmp_path / "out")
    finally:
        docs.chmod(0o700)
    assert (result.returncode, "cannot be read" in said(result)) == (2, True)


def test_a_wrong_ehr_is_said_before_any_document_is_read(docs: Path, tmp_path: Path) -> None:
    pl.DataFrame({"subject_id": [1], "time": ["2020-01-01"]}).write_csv(tmp_path / "ehr.csv")
    result = chartline("run", docs, "--ehr", tmp_path / "ehr.csv", "--out", tmp_path / "out")
    assert result.returncode == 2
    assert said(result).startswith(f"chartline: {tmp_path / 'ehr.csv'}: no column 'code'")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_the_whole_way_through_the_terminal(ehr: Path, tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    docs.mkdir()
    reportlab_letter(docs / "a.pdf")
    (docs / "b.pdf").write_text("SECRET-CANARY")
    manifest(docs, {"a.pdf": "1"})
    (tmp_path / "little.toml").write_text(LITTLE_TOML)
    little = ("--config", tmp_path / "little.toml")
    result = chartline("run", docs, "--ehr", ehr, "--out", out, *little)
    assert (result.returncode, result.stderr) == (0, "")
    assert f"report: {out / 'report' / 'index.html'}" in result.stdout
    page = (out / "report/index.html").read_text()
    assert "not_a_pdf" in page
    assert "data:image/webp;base64," in page
    assert "http://" not in page.replace("http://www.w3.org", "").replace(
        "http://purl.org", ""
    ).replace("http://creativecommons.org", "")
    shown = chartline("show", out)
    assert "not_a_pdf" in shown.stdout
    assert "concept vectors" in shown.stdout
    version = Store(out).version("concept_vectors")
    near = chartline("neighbours", out, "ICD10//I10")
    assert "similarity" in near.stdout
    lost = chartline("neighbours", out, "I10")
    assert lost.returncode == 2
    assert "did you mean ICD10//I10?" in said(lost)
    assert Store(out).version("concept_vectors") == version  # it only looks
    assert "evaluated without a model" in chartline("embed", out, *little).stdout
    assert chartline("features", out, *little).returncode == 0
    assert (
        "best reachable" not in chartline("onset", out, *little).stdout
    )  # only the run knows the simulation's own risk
    assert "rows scored" in chartline("onset", out, "--score", *little).stdout
    assert (out / "report").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_ctrl_c_keeps_what_was_finished(tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    docs.mkdir()
    for index in range(40):
        reportlab_letter(docs / f"{index:02d}.pdf", pages=6)
    environment = {**os.environ, **QUICK, "CHARTLINE_READING__COMMIT_EVERY": "2"}
    with subprocess.Popen(
        [*CHARTLINE, "run", str(docs), "--out", str(out)],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as running:
        end = time.monotonic() + 120
        while time.monotonic() < end and not Store(out).version("documents"):
            time.sleep(0.1)
        running.send_signal(signal.SIGINT)
        _, message = running.communicate(timeout=60)
    assert running.returncode == 1
    assert message.strip() == "chartline: stopped; what was finished is kept, run again to go on"
    kept = Store(out).read("documents")
    assert 2 <= len(kept) < 40
    assert Store(out).read("lines")["document_id"].n_unique() == len(kept)
    assert len(list((out).glob("*"))) >= 4


def test_a_write_that_fails_is_one_line(ehr: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk, which a test cannot fill."""
    limited = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000)); "
        "from chartline.terminal import main; main()"
    )
    command = [sys.executable, "-c", limited, "events", str(ehr), "--out", str(tmp_path / "out")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.returncode == 1
    assert said(result).startswith(f"chartline: {tmp_path / 'out' / 'events'}: cannot be written")


def test_a_leak_ends_the_command_with_its_name_until_the_advice_is_followed(tmp_path: Path) -> None:
    store, config = Store(tmp_path), tmp_path / "mine.toml"
    store.overwrite("events", cast_to(population(bearing("MARK//1", CASES)), Events))
    assert chartline("embed", tmp_path).returncode == 0
    stopped = chartline("features", tmp_path)
    assert stopped.returncode == 1
    assert said(stopped).startswith("chartline: leak: MARK//1 is borne before the prediction time")
    config.write_text("[onset]\nleft_out = ['^MARK//1$']\n")
    assert config.read_text().split("\n")[1] in " ".join(said(stopped).split())
    mended = chartline("features", tmp_path, "--config", config)
    assert mended.returncode == 0
    assert "drawn: cases" in mended.stdout


def test_out_that_cannot_be_made_is_one_line(docs: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = chartline("run", docs, "--out", tmp_path / "file" / "out")
    assert result.returncode == 1
    assert "cannot be made" in said(result)


def test_commands_on_a_folder_without_tables(tmp_path: Path) -> None:
    for name in ("show", "report", "embed", "features", "onset"):
        assert chartline(name, tmp_path / "gone").returncode == 2
    assert chartline("features", tmp_path).returncode == 2


def test_the_terminal_imports_no_prefect() -> None:
    code = (
        "import sys, chartline.terminal.commands, chartline.work.job, chartline.views.report; "
        "sys.exit('prefect' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_events_alone(ehr: Path, tmp_path: Path) -> None:
    result = chartline("events", ehr, "--out", tmp_path / "out")
    assert result.returncode == 0
    assert "events of 900 patients" in result.stdout
    assert Store(tmp_path / "out").read("events")["subject_id"].n_unique() == 900
