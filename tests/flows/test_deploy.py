"""The files in deploy/ say what the flows need, in a form that Prefect takes."""

from pathlib import Path

import yaml
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.server.concurrency.lease_storage import get_concurrency_lease_storage
from prefect.server.concurrency.lease_storage.filesystem import ConcurrencyLeaseStorage
from prefect.settings import PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE, temporary_settings

import chartline.flows  # sets how a server keeps its leases

DEPLOY = Path(__file__).parents[2] / "deploy"
LEASES = "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE"


def test_leases_outlive_the_server_wherever_one_is_started() -> None:
    assert ConcurrencyLeaseStorage.__module__ == chartline.flows.LEASE_STORAGE
    setting = {PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE: chartline.flows.LEASE_STORAGE}
    with temporary_settings(setting):
        assert isinstance(get_concurrency_lease_storage(), ConcurrencyLeaseStorage)
    for name in ("deploy/prefect-server.service", "deploy/Containerfile", "docs/operations.md"):
        text = (DEPLOY.parent / name).read_text("utf-8")
        assert f"{LEASES}={chartline.flows.LEASE_STORAGE}" in text, name


def test_starting_the_server_again_does_not_stop_the_runner() -> None:
    unit = (DEPLOY / "chartline.service").read_text("utf-8").splitlines()
    assert not [line for line in unit if line.startswith(("Requires=", "BindsTo=", "PartOf="))]
    assert "Wants=prefect-server.service" in unit


def test_prefect_takes_the_alarms() -> None:
    declared = yaml.safe_load((DEPLOY / "alarm.yaml").read_text("utf-8"))["automations"]
    bad, missing = (AutomationCore.model_validate(one).trigger for one in declared)
    assert isinstance(bad, EventTrigger)
    assert isinstance(missing, EventTrigger)
    ends = {name.rpartition(".")[2] for name in bad.expect}
    assert ends == {"Failed", "Crashed", "Cancelled", "TimedOut", "Late"}
    assert missing.posture == Posture.Proactive
    assert missing.within.total_seconds() > 24 * 3600
