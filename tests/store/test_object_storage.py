"""Tables in object storage: a local S3-compatible server, and the whole main job against it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from conftest import manifest, reportlab_letter

from chartline.core.errors import ChartlineError, UsageError
from chartline.core.settings import Settings
from chartline.history.sources import read_source
from chartline.store import OF_DOCUMENTS, Store
from chartline.work import event_table, job

BUCKET = "s3://charts/north"
LEARNED = ("concept_vectors", "features", "predictions")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of moto's S3.

    It is a process of its own, since delta-rs keeps Python's lock while it waits.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while socket.socket().connect_ex(("127.0.0.1", port)) and time.monotonic() < end:
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    told = {"AWS_ENDPOINT_URL": server, "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1"}
    for name, value in {
        **told,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="charts")
    return BUCKET


def silent(stage: str, done: int, total: int) -> None:
    pass


@pytest.mark.slow
def test_the_main_job_writes_the_same_tables_there(
    bucket: str, tmp_path: Path, ehr: Path, settings: Settings
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    reportlab_letter(docs / "a.pdf")
    reportlab_letter(docs / "b.pdf", body=["Insuffisance rénale chronique connue."])
    (docs / "c.pdf").write_text("no document here")
    manifest(docs, {"a.pdf": "1", "b.pdf": "2"})
    job.run(
        docs,
        tmp_path / "there",
        ehr=ehr,
        manifest=None,
        settings=settings.model_copy(update={"tables": bucket}),
        progress=silent,
    )
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    job.read_documents(docs, here, manifest=None, settings=settings, progress=silent)
    event_table.join_events(here, read_source(ehr, settings.ehr), settings.ehr)
    assert there.uri("lines") == f"{bucket}/lines"
    assert not list((tmp_path / "there").glob("*/_delta_log"))
    for name in (*OF_DOCUMENTS, "events"):
        assert there.read(name).equals(here.read(name)), name
    assert min(len(there.read(name)) for name in LEARNED) > 0

    before = {name: there.version(name) for name in (*OF_DOCUMENTS, *LEARNED, "events")}
    again = job.run(
        docs, tmp_path / "there", ehr=ehr, manifest=None, settings=settings, progress=silent
    )
    assert (again.read, again.unchanged) == (0, 3)  # the folder remembers where its tables lie
    assert {name: there.version(name) for name in before} == before

    (docs / "b.pdf").rename(docs / "d.pdf")
    manifest(docs, {"a.pdf": "1", "d.pdf": "2"})
    moved = job.read_documents(docs, there, manifest=None, settings=settings, progress=silent)
    assert moved.moved == 1
    assert there.read("documents")["path"].sort().to_list() == ["a.pdf", "c.pdf", "d.pdf"]
    there.vacuum(0)
    assert there.read("lines")["document_id"].n_unique() == 2


def test_a_folder_keeps_its_address(tmp_path: Path) -> None:
    assert Store(tmp_path / "out", "s3://charts/a/").uri("lines") == "s3://charts/a/lines"
    assert Store(tmp_path / "out").uri("lines") == "s3://charts/a/lines"
    with pytest.raises(
        UsageError,
        match="its tables lie in s3://charts/a, so the setting tables cannot be s3://charts/b",
    ):
        Store(tmp_path / "out", "s3://charts/b")


def test_a_folder_with_tables_does_not_leave_them(tmp_path: Path) -> None:
    (tmp_path / "lines" / "_delta_log").mkdir(parents=True)
    with pytest.raises(UsageError, match="its tables lie in it"):
        Store(tmp_path, "s3://charts/a")


def test_an_address_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="a folder is needed here"):
        Store(Path("s3://charts/a"))
    assert not os.listdir(tmp_path)


def test_a_bucket_that_is_not_there_is_one_line(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(ChartlineError, match=r"^s3://nobody/a/lines: cannot be") as told:
        Store(tmp_path / "out", "s3://nobody/a").has("lines")
    assert "\n" not in str(told.value)
