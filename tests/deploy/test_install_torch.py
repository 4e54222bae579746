"""torch's CPU build comes from wherever it is offered; without it, the package index's is taken."""

import base64
import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

_METADATA = "Metadata-Version: 2.1\nName: torch\nVersion: "
_WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
SCRIPT = Path(__file__).parents[2] / "deploy" / "install_torch.py"


def wheel(index: Path, version: str) -> None:
    """A wheel of torch that holds its version, on a simple index."""
    name = f"torch-{version}-py3-none-any.whl"
    files = {
        "torch.py": f"__version__ = {version!r}\n",
        f"torch-{version}.dist-info/METADATA": f"{_METADATA}{version}\n",
        f"torch-{version}.dist-info/WHEEL": _WHEEL,
    }
    record = ""
    folder = index / "torch"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
            record += f"{path},sha256={digest.decode()},{len(text)}\n"
        archive.writestr(
            f"torch-{version}.dist-info/RECORD", record + f"torch-{version}.dist-info/RECORD,,\n"
        )
    page = folder / "index.html"
    links = page.read_text() if page.is_file() else "<!DOCTYPE html>\n"
    page.write_text(f'{links}<a href="{name}">{name}</a>\n')


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None: ...


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address under which it is an index of packages."""
    folder = tmp_path / "torch-index"
    folder.mkdir()
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def install(tmp_path: Path, torch_index: str) -> tuple[str, str]:
    """The version installed where pip is set up with `tmp_path/index` alone; what is said."""
    target = tmp_path / "installed"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    result = subprocess.run(
        [sys.executable, str(SCRIPT), "torch==2.13.0", "--quiet"],
        env={
            **inherited,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": (tmp_path / "index").as_uri(),
            "PIP_TARGET": str(target),
            "PIP_NO_CACHE_DIR": "1",
            "PIP_RETRIES": "0",
            "TORCH_INDEX": torch_index,
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    return (target / "torch.py").read_text().split("'")[1], result.stderr


def test_the_cpu_build_comes_from_torchs_own_index(
    tmp_path: Path, served: tuple[Path, str]
) -> None:
    wheel(tmp_path / "index", "2.13.0")
    wheel(served[0], "2.13.0+cpu")
    assert install(tmp_path, served[1])[0] == "2.13.0+cpu"


def test_an_index_that_does_not_answer_stops_nothing(tmp_path: Path) -> None:
    wheel(tmp_path / "index", "2.13.0")
    version, said = install(tmp_path, "http://127.0.0.1:9")  # the port "discard": nothing listens
    assert version == "2.13.0"
    assert "http://127.0.0.1:9 does not answer" in said


def test_a_mirror_that_offers_it_is_enough(tmp_path: Path) -> None:
    wheel(tmp_path / "index", "2.13.0")
    wheel(tmp_path / "index", "2.13.0+cpu")
    version, said = install(tmp_path, "http://127.0.0.1:9")
    assert version == "2.13.0+cpu"
    assert "does not answer" not in said


def test_the_other_index_can_be_left_out(tmp_path: Path, served: tuple[Path, str]) -> None:
    wheel(tmp_path / "index", "2.13.0")
    wheel(served[0], "2.13.0+cpu")
    assert install(tmp_path, "")[0] == "2.13.0"
