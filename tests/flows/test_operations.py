"""docs/operations.md, typed as it stands, on PostgreSQL where it is installed, else on SQLite.

A server, alarms that ring, a night on a work pool, deployments that agree.
"""

import json
import re
import signal
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from conftest import reportlab_letter
from doc_pages import ROOT, blocks
from prefect_site import PATIENCE, Rung, Site, wait_for

from chartline.store import Store

pytestmark = pytest.mark.slow
WHEELS, VENV, SERVER, SERVE, POOL, DELETE, ALARM = blocks("docs/operations.md", "")
WORKER = "prefect worker start --pool chartline"
WITHIN = 10  # seconds instead of 26 hours: the least that Prefect takes
MISSING = "Chartline: no night has ended well for 26 hours"


@pytest.fixture(scope="module")
def hook() -> Iterator[tuple[str, list[Rung]]]:
    """The address of a webhook, and what it was given."""
    rung: list[Rung] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"]
            rung.append((time.time(), said))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", rung
        server.shutdown()


@pytest.fixture(scope="module")
def site(hook: tuple[str, list[Rung]]) -> Iterator[Site]:
    """A site whose server was started as the page says, with alarms and deployments."""
    # not pytest's folder: PostgreSQL's own user must get through to it
    with tempfile.TemporaryDirectory(prefix="site-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / "prefect.yaml").write_text((ROOT / "prefect.yaml").read_text("utf-8"))
        alarm = (ROOT / "deploy" / "alarm.yaml").read_text("utf-8")
        hours = re.search(r"within: (\d+)", alarm)
        assert hours is not None
        (folder / "deploy").mkdir()
        (folder / "deploy" / "alarm.yaml").write_text(alarm.replace(hours[0], f"within: {WITHIN}"))
        found = Site(folder, *hook)
        try:
            found.begin_server(SERVER)
            found.type(ALARM)
            found.type(POOL.replace(WORKER, ""))
            yield found
        finally:
            found.kill()


def test_the_server_keeps_its_leases_on_the_disk(site: Site) -> None:
    assert "lease_storage.filesystem" in SERVER
    environment = Path(f"/proc/{site.running[0].pid}/environ").read_bytes().split(b"\0")
    assert any(one.endswith(b"concurrency.lease_storage.filesystem") for one in environment)


def test_each_bad_end_rings(site: Site) -> None:
    site.late = site.run("risk")
    failed = site.run("nightly", "FAILED")
    site.run("nightly", "FAILED", "TimedOut")
    site.run("weekly", "CANCELLED")
    site.run("risk", "CRASHED")
    site.run("risk", "COMPLETED")
    for said in (
        "Chartline: documents is Failed",
        "Chartline: documents is TimedOut",
        "Chartline: embeddings is Cancelled",
        "Chartline: onset is Crashed",
        "Chartline: onset is Late",
    ):
        wait_for(lambda said=said: bool(site.rang(said)), f"{said}: {site.rung}")  # type: ignore[misc]
    assert site.rang(f"http://127.0.0.1:{site.port}/runs/flow-run/{failed}")
    assert not site.rang("Completed")
    assert not site.rang("Running")


def test_a_run_is_deleted(site: Site) -> None:
    assert httpx.get(f"{site.api}/flow_runs/{site.late}", timeout=30).status_code == 200
    site.type(f"export PREFECT_API_URL={site.api}\n{DELETE.replace('ID', site.late)}")
    assert httpx.get(f"{site.api}/flow_runs/{site.late}", timeout=30).status_code == 404


def test_a_work_pool_runs_the_night(site: Site) -> None:
    docs, out = site.folder / "docs", site.folder / "out"
    docs.mkdir()
    reportlab_letter(docs / "a.pdf")
    run = site.run("nightly", parameters={"docs": str(docs), "out": str(out), "ehr": None})
    once = f"{WORKER} --run-once --install-policy never"  # it ends after the run
    assert WORKER in POOL
    site.type(f"export PREFECT_API_URL={site.api}\n{once}")
    done = httpx.get(f"{site.api}/flow_runs/{run}", timeout=30).json()
    assert done["state_type"] == "COMPLETED"
    site.night = datetime.fromisoformat(done["end_time"]).timestamp()
    assert Store(out).read("documents")["status"].to_list() == ["processed"]
    assert Store(out).read("runs").select("kind", "status").rows() == [("documents", "finished")]


def test_deploying_and_serving_agree(site: Site) -> None:
    deployed = site.deployments()
    assert set(deployed) == {"nightly", "weekly", "risk"}
    assert len(deployed["risk"]["schedules"]) == 2
    assert not site.served()
    serving = site.begin(SERVE)
    wait_for(site.served, site.said())
    assert site.deployments() == deployed
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(timeout=PATIENCE) is not None
    assert site.deployments() == deployed  # not paused: what nobody starts is late, and rings


def test_a_missing_night_rings(site: Site) -> None:
    """After the work pool's, which ended well; the end of another flow is no night."""
    site.run("risk", "COMPLETED")
    wait_for(lambda: any(at > site.night for at in site.rang(MISSING)), "no night is missing")
    assert min(at for at in site.rang(MISSING) if at > site.night) > site.night + WITHIN - 1


def test_the_installation_names_the_build_that_the_makefile_does() -> None:
    """The one command that is not typed here: it fetches for minutes."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    torch, index = (
        re.search(rf"^(?:export )?{name} \?= (\S+)$", makefile, re.MULTILINE)[1]  # type: ignore[index]
        for name in ("TORCH", "TORCH_INDEX")
    )
    assert WHEELS.split("#")[0].split() == [
        *"pip wheel -w wheels --extra-index-url".split(),
        index,
        torch,
        ".",
    ]
    making, entering, installing = VENV.strip().splitlines()
    assert making == "python3 -m venv .venv"
    assert entering == ". .venv/bin/activate"
    assert installing == "pip install --no-index --find-links wheels chartline"
