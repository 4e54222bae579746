"""Installs torch's CPU build: `python deploy/install_torch.py REQUIREMENT [options of pip]`.

The package index's own torch for Linux on x86 brings CUDA, some gigabytes of it, which Chartline
does not use. The CPU build is taken from where it is offered first: the indexes that pip is set
up with (an exact version prefers a build `+cpu`), then torch's own index, where it answers.
Where none does, the package index's build is installed, and a line says so.

`TORCH_INDEX` in the environment names another index; empty, none is tried.
"""

import os
import re
import subprocess
import sys
import urllib.request

CPU_INDEX = "https://download.pytorch.org/whl/cpu"
SECONDS = 5  # for an index to answer: where packets are dropped, pip would wait for minutes
PIP = [sys.executable, "-m", "pip"]


def offered(version: str, options: list[str]) -> bool:
    """Whether an index that pip is set up with has the CPU build of this version."""
    loud = [option for option in options if option not in ("-q", "--quiet")]
    answer = subprocess.run(
        [*PIP, "index", "versions", "torch", *loud], capture_output=True, text=True
    )
    available = re.search(r"^Available versions: (.*)$", answer.stdout, re.MULTILINE)
    return available is not None and f"{version}+cpu" in available[1].split(", ")


def reachable(index: str) -> bool:
    """Whether the index answers for torch."""
    try:
        with urllib.request.urlopen(f"{index.rstrip('/')}/torch/", timeout=SECONDS):
            return True
    except (OSError, ValueError):
        return False


def index_options(requirement: str, options: list[str], index: str) -> list[str]:
    """What pip needs besides `options` to find the CPU build; nothing where it needs or gets none.

    Args:
        requirement: `torch==2.13.0`.
        options: what pip is called with anyway.
        index: torch's own index, empty for none.
    """
    version = requirement.partition("==")[2]
    if not index or offered(version, options):
        return []
    if reachable(index):
        return ["--extra-index-url", index]
    sys.stderr.write(f"torch: {index} does not answer; taking the package index's own build\n")
    return []


def main() -> int:
    """Installs; pip's exit code."""
    requirement, *options = sys.argv[1:]
    index = os.environ.get("TORCH_INDEX", CPU_INDEX)
    more = index_options(requirement, options, index)
    result = subprocess.run([*PIP, "install", *options, *more, requirement])
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
