"""Each flow against a real Prefect server; nothing of a patient reaches it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import manifest, reportlab_letter
from prefect.client.orchestration import get_client
from prefect.exceptions import PrefectException
from prefect.testing.utilities import prefect_test_harness

from flows.documents import documents
from flows.edge import StageFailed
from flows.embeddings import embeddings
from flows.onset import onset
from flows.serving import deployments
from pipeline.errors import UsageError
from pipeline.store import Store

pytestmark = pytest.mark.slow
CANARY = "Zephyrine"


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=180):
        yield


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("config") / "chartline.toml"
    file.write_text(
        "[reading]\nworkers = 1\n[embedding]\ndimensions = 8\n[onset]\nclassifiers = ['logistic regression']\nbaselines = ['logistic regression']\n"
    )
    return str(file)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, ehr: Path, config: str) -> Path:
    """The tables that the documents flow made."""
    docs, tables = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("out")
    for name in ("a", "b", "c"):
        reportlab_letter(docs / f"{CANARY}-{name}.pdf", body=[f"{CANARY} présente une insuffisance cardiaque."])
    manifest(docs, {f"{CANARY}-a.pdf": "1"})
    assert documents(str(docs), str(tables), ehr=str(ehr), config=config, batch=2) == {"read": 3, "events_changed": 1}
    assert documents(str(docs), str(tables), ehr=str(ehr), config=config) == {"read": 0, "events_changed": 0}
    return tables


def test_documents_flow_fills_the_tables(out: Path) -> None:
    store = Store(out)
    assert store.read("documents")["status"].to_list() == ["processed"] * 3
    assert CANARY in " ".join(store.read("sections")["text"])


def test_embeddings_and_onset_flows(out: Path, config: str) -> None:
    assert embeddings(str(out), config)["codes"] > 50
    found = onset(str(out), config)
    assert found["rows"] == len(Store(out).read("predictions"))
    assert 0.5 < found["auc"] < 1
    assert (out / "report/index.html").is_file()


def test_a_failure_says_what_in_our_words(tmp_path: Path) -> None:
    with pytest.raises((StageFailed, PrefectException), match="no such folder"):
        documents(str(tmp_path / "gone"), str(tmp_path / "out"))


def test_nothing_of_a_patient_reaches_the_server(out: Path) -> None:
    with get_client(sync_client=True) as client:
        runs = [run.model_dump(mode="json") for run in client.read_flow_runs()]
        tasks = [run.model_dump(mode="json") for run in client.read_task_runs()]
        logs = [log.model_dump(mode="json") for log in client.read_logs()]
    assert runs
    assert tasks
    assert CANARY not in json.dumps([runs, tasks, logs])


def test_the_three_deployments_are_declared(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(request.config.rootpath)
    found = {one.flow_name: one for one in deployments(Path("prefect.yaml"))}
    assert set(found) == {"documents", "embeddings", "onset"}
    assert all(one.schedules and one.concurrency_limit == 1 for one in found.values())
    for name, function in {"documents": documents, "embeddings": embeddings, "onset": onset}.items():
        assert function.name == name
        function.validate_parameters(found[name].parameters)


def test_a_file_without_deployments_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no readable deployments"):
        deployments(tmp_path / "prefect.yaml")
