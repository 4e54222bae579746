"""Which deployments are served: the working directory's, else those in the package."""

from importlib import resources
from pathlib import Path

import pytest
import yaml
from prefect.flows import load_flow_from_entrypoint

from chartline.flows.serving import default_file, deployments

ROOT = Path(__file__).parents[2]


def test_the_working_directorys_file_goes_before_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    packaged = default_file()
    assert packaged.read_text() == (ROOT / "prefect.yaml").read_text()
    assert packaged.samefile(str(resources.files("chartline.flows") / "prefect.yaml"))
    (tmp_path / "prefect.yaml").write_text("deployments: []")
    assert default_file().resolve() == tmp_path / "prefect.yaml"


def test_the_packages_file_is_served_from_a_folder_of_traps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "documents.py").write_text("raise ImportError('a trap')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    names = {one.entrypoint for one in deployments(default_file())}
    assert names == {
        f"chartline.flows.{name}.{name}" for name in ("documents", "embeddings", "onset")
    }


def test_prefect_itself_loads_every_entrypoint() -> None:
    for declared in yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]:
        flow = load_flow_from_entrypoint(declared["entrypoint"])
        assert flow.name == declared["entrypoint"].rpartition(".")[2]
