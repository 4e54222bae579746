"""Runs that were killed together with their runner, which Prefect goes on showing as running."""

from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed

from chartline.store.lock import RunLock

_BEGUN = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]


def crash_killed(flow: str, deployment: str) -> int:
    """Marks a deployment's runs that have begun, and whose process is gone, as crashed.

    Where nobody holds the lock of the folder of tables (parameter `out`), no run is going on there.
    A crashed run gives back its place among the runs of its deployment, so that the next one can
    begin. To be called before this deployment is served.

    Returns:
        How many runs were marked.
    """
    begun = FlowRunFilterState(type=FlowRunFilterStateType(any_=_BEGUN))
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[flow])),
            deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=[deployment])),
            flow_run_filter=FlowRunFilter(state=begun),
        )
        ours = [run for run in runs if "out" in run.parameters]  # not another's flow, served along
        gone = [run for run in ours if not RunLock(Path(run.parameters["out"])).is_locked()]
        for run in gone:
            client.set_flow_run_state(run.id, Crashed(message="Killed: its process is gone."))
    return len(gone)
