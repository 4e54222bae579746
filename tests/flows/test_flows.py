"""Each flow against a real Prefect server; nothing of a patient reaches it."""

import base64
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import LITTLE_TOML, manifest, reportlab_letter
from prefect.client.orchestration import get_client
from prefect.exceptions import PrefectException
from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL, PREFECT_HOME
from prefect.testing.utilities import prefect_test_harness

from chartline.core.errors import LockLostError, UsageError
from chartline.core.settings import ReadingSettings
from chartline.flows.documents import documents, read_batch
from chartline.flows.edge import StageFailed, alarm
from chartline.flows.embeddings import embeddings
from chartline.flows.onset import onset
from chartline.flows.serving import deployments
from chartline.store import Store
from chartline.work import job

pytestmark = pytest.mark.slow
CANARY = "Zephyrine"


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=180):
        yield


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("config") / "chartline.toml"
    file.write_text(LITTLE_TOML + "[reading]\nworkers = 1\nbatch_pages = 2\n")
    return file


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    for name in ("a", "b", "c"):
        reportlab_letter(
            folder / f"{CANARY}-{name}.pdf", body=[f"{CANARY} présente une insuffisance cardiaque."]
        )
    manifest(folder, {f"{CANARY}-a.pdf": "1"})
    return folder


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, docs: Path, ehr: Path, config: Path) -> Path:
    """The tables that the documents flow made."""
    tables = tmp_path_factory.mktemp("out")
    assert documents(docs, tables, ehr=ehr, config=config) == {
        "read": 3,
        "quarantined": 0,
        "events_changed": 1,
    }
    assert documents(docs, tables, ehr=ehr, config=config) == {
        "read": 0,
        "quarantined": 0,
        "events_changed": 0,
    }
    return tables


def test_documents_flow_fills_the_tables(out: Path) -> None:
    store = Store(out)
    assert store.read("documents")["status"].to_list() == ["processed"] * 3
    assert CANARY in " ".join(store.read("sections")["text"])
    assert not list(out.glob(".plan-*"))
    assert store.read("runs").sort("started_at").select(
        "kind", "status", "read", "pages"
    ).rows() == [
        ("documents", "finished", 3, 3),
        ("documents", "finished", 0, 0),
    ]


def test_embeddings_and_onset_flows_fit_once_and_then_score(out: Path, config: Path) -> None:
    assert embeddings(out, config)["codes"] > 50
    rows = onset(out, config)["rows"]
    model = (out / "onset_model" / "card.json").stat().st_mtime_ns
    assert rows == len(Store(out).read("predictions"))
    assert onset(out, config)["rows"] == rows
    assert (out / "onset_model" / "card.json").stat().st_mtime_ns == model
    assert (out / "report/index.html").is_file()


def test_a_runs_page_shows_progress_outcome_and_report(out: Path) -> None:
    with get_client(sync_client=True) as client:
        artifacts = client.read_artifacts()
    kinds = {artifact.type for artifact in artifacts}
    assert {"progress", "table"} <= kinds
    assert any(artifact.key == "this-run" for artifact in artifacts)
    assert any(artifact.data == 100.0 for artifact in artifacts if artifact.type == "progress")


def test_what_is_written_is_the_owners_alone(out: Path) -> None:
    for path in out.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_failure_says_what_in_our_words(tmp_path: Path) -> None:
    with pytest.raises((StageFailed, PrefectException), match="no such folder"):
        documents(tmp_path / "gone", tmp_path / "out")


def test_a_night_after_missing_ones_says_so(
    docs: Path, out: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTLINE_NIGHT_OVERDUE_HOURS", "0.000001")
    documents(docs, out, config=config)
    end = time.monotonic() + 30  # logs reach the server some seconds later
    said: list[str] = []
    while not said and time.monotonic() < end:
        with get_client(sync_client=True) as client:
            said = [log.message for log in client.read_logs() if "that finished" in log.message]
        time.sleep(0.2)
    assert "the last night that finished ended 0 hours ago" in said[0]


def test_two_nights_at_once_and_one_leaves(docs: Path, out: Path, config: Path) -> None:
    with Store(out).locked(), pytest.raises(StageFailed, match="another run is writing here"):
        documents(docs, out, config=config)


def test_after_a_time_out_nothing_is_written(
    docs: Path, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []

    def slow(todo: object, docs: Path, store: Store, *others: object) -> None:
        while store.is_locked():  # until the flow has given up; this thread goes on
            time.sleep(0.05)
        try:
            store.remove_documents(["a"])
        except LockLostError as error:
            refused.append(str(error))
            raise

    monkeypatch.setattr(job, "read_batch", slow)
    begin = time.monotonic()
    with pytest.raises(TimeoutError, match="timed out after"):
        documents.with_options(timeout_seconds=20)(docs, tmp_path / "out", config=config)
    assert time.monotonic() - begin < 45  # no task was tried again: that is 30 seconds later
    assert len(refused) == 1
    (row,) = Store(tmp_path / "out").read("runs").to_dicts()
    assert (row["status"], row["reason"]) == ("failed", "timed out after 20 s")
    assert not Store(tmp_path / "out").has("documents")


def test_a_failing_share_above_the_threshold_fails_the_run() -> None:
    settings = ReadingSettings()
    alarm({"read": 100, "quarantined": 25}, settings)
    alarm({"read": 2, "quarantined": 2}, settings)  # a few are no alarm
    for read, bad in ((100, 26), (4, 3)):
        with pytest.raises(StageFailed, match=f"{bad} of {read} documents"):
            alarm({"read": read, "quarantined": bad}, settings)
    alarm({"read": 4, "quarantined": 3}, ReadingSettings(alarm_documents=3))


def forms(text: str) -> list[bytes]:
    """A text as it may lie in a file: plain, UTF-16, hexadecimal, base64 at any offset."""
    plain = text.encode()
    shifted = [base64.b64encode(b"x" * shift + plain)[2 + 2 * shift : -4] for shift in range(3)]
    return [
        plain,
        plain.lower(),
        plain.upper(),
        text.encode("utf-16-le"),
        plain.hex().encode(),
        plain.hex().upper().encode(),
        *shifted,
    ]


def test_nothing_of_a_patient_is_left_anywhere(
    docs: Path,
    out: Path,
    config: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Searches the server's answers, its database, Prefect's home and what was logged.

    Runs went well before, and one broke with a patient's name in a library's exception.
    """

    def broken(*arguments: object) -> None:
        raise ValueError(f"{CANARY} at {docs}/{CANARY}-a.pdf")

    monkeypatch.setattr(job, "read_batch", broken)
    monkeypatch.setattr("chartline.flows.documents.read_batch", read_batch.with_options(retries=0))
    with pytest.raises(
        (StageFailed, PrefectException), match="internal error: ValueError at test_flows"
    ):
        documents(docs, tmp_path / "out", config=config)
    with get_client(sync_client=True) as client:
        runs = [run.model_dump(mode="json") for run in client.read_flow_runs()]
        tasks = [run.model_dump(mode="json") for run in client.read_task_runs()]
        logs = [log.model_dump(mode="json") for log in client.read_logs()]
        artifacts = [artifact.model_dump(mode="json") for artifact in client.read_artifacts()]
    assert runs
    assert tasks
    said = capfd.readouterr()
    seen = json.dumps([runs, tasks, logs, artifacts]) + caplog.text + said.out + said.err
    database = Path(PREFECT_API_DATABASE_CONNECTION_URL.value().split("///", 1)[1])
    files = [
        path
        for root in (database.parent, PREFECT_HOME.value())
        for path in Path(root).rglob("*")
        if path.is_file()
    ]
    assert database in files
    held = {"what was said": seen.encode(), **{str(path): path.read_bytes() for path in files}}
    for name, content in held.items():
        for form in forms(CANARY):
            assert form not in content, name


def test_the_three_deployments_are_declared(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(request.config.rootpath)
    found = {one.flow_name: one for one in deployments(Path("prefect.yaml"))}
    assert set(found) == {"documents", "embeddings", "onset"}
    for name, function in {
        "documents": documents,
        "embeddings": embeddings,
        "onset": onset,
    }.items():
        assert function.name == name
        assert function.timeout_seconds
        one = found[name]
        assert one.concurrency_limit == 1
        assert one.concurrency_options is not None
        assert one.tags == ["chartline"]
        for schedule in one.schedules or []:
            function.validate_parameters({**one.parameters, **schedule.parameters})
    assert [schedule.parameters for schedule in found["onset"].schedules or []] == [
        {},
        {"refit": True},
    ]


def test_a_wrong_parameter_is_refused(out: Path) -> None:
    with pytest.raises(PrefectException):
        onset(out, refit="perhaps")  # type: ignore[arg-type]


def test_a_file_without_deployments_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no readable deployments"):
        deployments(tmp_path / "prefect.yaml")


def test_nothing_is_told_to_prefects_makers() -> None:
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
