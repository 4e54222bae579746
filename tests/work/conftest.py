"""One finished run over a small folder, and copies of it that tests may change."""

import shutil
from pathlib import Path

import pytest
from conftest import manifest, reportlab_letter

from chartline.core.progress import silent
from chartline.core.settings import Settings
from chartline.work import job


@pytest.fixture(scope="session")
def finished(
    tmp_path_factory: pytest.TempPathFactory, ehr: Path, settings: Settings
) -> tuple[Path, Path]:
    """A folder of documents and its finished run."""
    docs, out = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("out")
    reportlab_letter(docs / "a.pdf", pages=2)
    reportlab_letter(docs / "b.pdf", body=["Insuffisance rénale chronique connue."])
    (docs / "c.pdf").write_text("no document here")
    manifest(docs, {"a.pdf": "1", "b.pdf": "2"})
    job.run(docs, out, ehr=ehr, manifest=None, settings=settings, progress=silent)
    return docs, out


@pytest.fixture
def again(finished: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """A copy of both, free to be changed; file times are kept."""
    docs, out = tmp_path / "docs", tmp_path / "out"
    shutil.copytree(finished[0], docs)
    shutil.copytree(finished[1], out)
    return docs, out
