"""`make run` and `make test` install torch's CPU build before what depends on torch."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize("target", ["run", "test", "lint"])
def test_a_fresh_machine_gets_the_cpu_build_first(target: str, tmp_path: Path) -> None:
    """Where there is no .venv, as after a clone."""
    for name in ("Makefile", "pyproject.toml", "deploy/install_torch.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    steps = subprocess.run(
        ["make", "--dry-run", target, "PIP_ARGS=--no-cache-dir"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("MAKE")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    torch, package = (
        next(place for place, step in enumerate(steps) if part in step)
        for part in ("deploy/install_torch.py torch==", "--editable '.[dev]'")
    )
    assert torch < package
    assert steps[torch].endswith("--no-cache-dir")
