"""The wheel: what is needed to run, adapt and serve, under one name; nothing else.

It is built from what deploy/Containerfile copies, so that this is known to be enough.
"""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BESIDE = ("synthesis", "tests", "benchmarks", "docs", "sample_docs", "deploy")
NEEDED = (
    "chartline/__init__.py",
    "chartline/core/tables/__init__.py",
    "chartline/flows/documents.py",
    "chartline/flows/prefect.yaml",
    "chartline/mentions/terminologies/built/concepts.arrow",
    "chartline/mentions/terminologies/built/en.marisa",
    "chartline/mentions/context/cues_of/en.toml",
    "chartline/models/line_classifier/network.py",
    "chartline/models/line_classifier/weights/config.json",
    "chartline/models/line_classifier/weights/model.safetensors",
    "chartline/models/line_classifier/weights/replay.parquet",
    "chartline/risk/cohorts/heart_failure.yaml",
    "chartline/risk/cohorts/kidney_disease.yaml",
    "chartline/risk/treatments.toml",
    "chartline/text/languages.safetensors",
    "chartline/text/titles.toml",
    "chartline/views/report/page.html",
)

pytestmark = pytest.mark.slow


def copied() -> list[str]:
    """What deploy/Containerfile copies before it installs the package."""
    lines = (ROOT / "deploy/Containerfile").read_text("utf-8").splitlines()
    assert any("ln -s pipeline chartline" in line for line in lines)
    return [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel that is built from a copy of the sources."""
    folder = tmp_path_factory.mktemp("sources")
    for name in copied():
        source, copy = ROOT / name, folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, symlinks=True, ignore=shutil.ignore_patterns("*.pyc"))
        else:
            shutil.copy2(source, copy)
    (folder / "chartline").symlink_to("pipeline")
    for name in BESIDE:  # what could be taken in by mistake
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "__init__.py").touch()
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", "wheels", "."],
        cwd=folder,
        check=True,
        timeout=300,
    )
    (wheel,) = (folder / "wheels").glob("chartline-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_everything_that_a_run_needs_is_inside(names: set[str]) -> None:
    assert set(NEEDED) <= names


def test_every_module_and_data_file_of_the_packages_is_inside(names: set[str]) -> None:
    """So that a new folder or a new kind of data file cannot be forgotten in pyproject.toml."""
    for folder, inside in (("pipeline", ""), ("flows", "flows/"), ("models", "models/")):
        for file in (ROOT / folder).rglob("*"):
            part = file.relative_to(ROOT / folder)
            if part.is_relative_to("mentions/terminologies/sources"):
                continue  # what is built from them is inside
            if file.is_file() and file.suffix != ".pyc" and not file.name.startswith("."):
                assert f"chartline/{inside}{part.as_posix()}" in names


def test_one_name_is_installed_and_nothing_beside_it(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"chartline"}
    assert not [name for name in names if "synthesis" in name or "/tests/" in name]


def test_the_licence_travels(names: set[str]) -> None:
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]
