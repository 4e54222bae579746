"""After a power cut in the middle of a night, the next night runs; a real server on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import reportlab_letter

from benchmarks.power_cut import Night, in_the_middle, until
from chartline.store import Store

pytestmark = pytest.mark.slow
DOCUMENTS = 20
PATIENCE = 120  # seconds for a step: a cold start of the server takes up to 31
GOING_ON = ("SCHEDULED", "PENDING", "RUNNING")
NEVER = "0 0 29 2 *"


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(DOCUMENTS):
        reportlab_letter(docs / f"{number:02d}.pdf", body=[f"Insuffisance cardiaque, {number}."])
    found = Night(tmp_path, docs, NEVER)
    found.start()
    try:
        yield found
    finally:
        found.cut()


def documents(night: Night) -> int:
    return len(Store(night.out).read("documents"))


def test_the_next_night_runs(night: Night) -> None:
    cut = night.run_now()
    until(lambda: in_the_middle(night, 0), PATIENCE)
    night.cut()
    read = documents(night)
    assert 0 < read < DOCUMENTS
    assert night.ended().rows() == [("running", None)]
    assert list((night.server.home / "concurrency_leases").glob("*-*.json"))
    night.start()
    until(lambda: night.state(cut) == "CRASHED", PATIENCE)

    after = night.run_now()
    until(lambda: in_the_middle(night, read), PATIENCE)
    night.server.kill()
    night.server.start()  # which costs no run
    until(lambda: night.state(after) not in GOING_ON, PATIENCE)
    assert night.state(after) == "COMPLETED"
    assert documents(night) == DOCUMENTS
    assert night.ended().rows() == [("failed", "killed"), ("finished", None)]
