"""Serves the deployments of a prefect.yaml from one process, without a work pool."""

from pathlib import Path
from typing import Any

import yaml
from prefect import Flow
from prefect import serve as serve_deployments
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import load_flow_from_entrypoint

from chartline.core.errors import UsageError
from chartline.flows.killed import crash_killed

NAME = "prefect.yaml"


def deployments(file: Path) -> list[RunnerDeployment]:
    """The deployments that `file` (a prefect.yaml) declares.

    Raises:
        UsageError: the file cannot be read or holds no deployment.
    """
    try:
        declared = yaml.safe_load(file.read_text("utf-8"))["deployments"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise UsageError(f"{file}: no readable deployments ({type(error).__name__})") from None
    return [_deployment(one) for one in declared]


def _deployment(declared: dict[str, Any]) -> RunnerDeployment:
    flow: Flow[Any, Any] = load_flow_from_entrypoint(declared["entrypoint"])
    limit = declared.get("concurrency_limit")
    found: RunnerDeployment = flow.to_deployment(  # type: ignore[assignment]
        name=declared["name"],
        schedules=[_schedule(one) for one in declared.get("schedules", [])],
        parameters=declared.get("parameters", {}),
        tags=declared.get("tags", []),
        description=declared.get("description"),
        concurrency_limit=ConcurrencyLimitConfig.model_validate(limit)
        if isinstance(limit, dict)
        else limit,
    )
    # the name to import, not Prefect's path from this directory to the file
    found.entrypoint = declared["entrypoint"]
    return found


def _schedule(declared: dict[str, Any]) -> DeploymentScheduleCreate:
    cron = CronSchedule(cron=declared["cron"], timezone=declared.get("timezone", "UTC"))
    return DeploymentScheduleCreate(
        schedule=cron, parameters=declared.get("parameters", {}), slug=declared.get("slug")
    )


def default_file() -> Path:
    """The working directory's prefect.yaml; where there is none, the one in the package."""
    here = Path(NAME)
    return here if here.is_file() else Path(__file__).with_name(NAME)


def serve(file: Path | None = None) -> None:
    """Serves the deployments of `file` (see `default_file`) until the process is stopped.

    Runs that a power cut ended are marked as crashed first. The schedules go on when the process is
    stopped, so that nights which nobody starts are late, and ring: paused, they would be missing
    without a word, for a worker on a work pool too.
    """
    served = deployments(file or default_file())
    for one in served:
        crash_killed(str(one.flow_name), one.name)
    serve_deployments(*served, pause_on_shutdown=False)
