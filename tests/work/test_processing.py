"""Good documents have the same rows beside any others; hostile ones have a reason; none is lost."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from conftest import BODY, DOCTORS, reportlab_letter, typst_letter
from hostile import MAKERS, many_pages
from polars.testing import assert_frame_equal

CANARY = "ZYGOMATIQUE"
RUN = """
import sys
from pathlib import Path
import polars as pl
from chartline.core import paths
from chartline.work import inventory, processing
from chartline.core.settings import load
from chartline.core.tables import Documents, types_of
if __name__ == "__main__":
    folder, out, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    flags = {
        "reading.workers": workers,
        "reading.limits.page_seconds": 5,
        "reading.limits.ocr_seconds": 0,
    }
    todo = inventory.describe(paths.find(folder), None)
    settings = load(None, flags).reading
    pool = processing.new_pool(settings)
    rows, frames = zip(*processing.results(todo, folder, settings, "v", pool))
    schema = types_of(Documents)
    pl.DataFrame(rows, schema=schema).write_parquet(out / "documents.parquet")
    for name in frames[0]:
        pl.concat(part[name] for part in frames).write_parquet(out / f"{name}.parquet")
"""


def run(folder: Path, out: Path, workers: int, **environment: str) -> dict[str, pl.DataFrame]:
    out.mkdir()
    script = out / "run.py"
    script.write_text(RUN)
    done = subprocess.run(
        [sys.executable, str(script), str(folder), str(out), str(workers)],
        env={**os.environ, **environment},
        capture_output=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert CANARY.encode() not in done.stdout + done.stderr
    return {path.stem: pl.read_parquet(path) for path in out.glob("*.parquet")}


def letters(folder: Path, count: int) -> None:
    """Letters that all differ, by two producers."""
    folder.mkdir()
    rng = random.Random(1)
    for index in range(count):
        body = [
            *rng.sample(BODY, len(BODY)),
            f"Dossier numéro {index}, vu le {index % 28 + 1}/03/2021.",
        ]
        make = typst_letter if index % 20 == 0 else reportlab_letter
        make(folder / f"letter-{index:03d}.pdf", body=body, notes=rng.sample(DOCTORS, len(DOCTORS)))


@pytest.mark.slow
def test_rows_do_not_depend_on_neighbours_workers_locale_time_zone_or_hash_seed(
    tmp_path: Path,
) -> None:
    good, mixed = tmp_path / "good", tmp_path / "mixed"
    letters(good, 200)
    shutil.copytree(good, mixed)
    for name, make in MAKERS.items():
        if make is not many_pages:
            make(mixed / f"hostile-{name}.pdf")
    alone = run(good, tmp_path / "1", 1, LC_ALL="C", TZ="Pacific/Auckland", PYTHONHASHSEED="1")
    among = run(mixed, tmp_path / "2", 2, LC_ALL="C.UTF-8", TZ="UTC", PYTHONHASHSEED="2")
    names = alone["documents"]["document_id"].implode()
    assert len(alone["documents"]) == 200
    assert set(alone["documents"]["status"]) == {"processed"}
    assert len(among["documents"]) == 200 + len(MAKERS) - 1
    for table, frame in alone.items():
        other = among[table].filter(pl.col("document_id").is_in(names))
        keys = [
            key
            for key in ("document_id", "page", "line", "section", "begin")
            if key in frame.columns
        ]
        left, right = (part.drop("modified_at", strict=False).sort(keys) for part in (frame, other))
        assert_frame_equal(left, right, check_exact=True)
    outcome = {row["path"]: (row["status"], row["reason"]) for row in among["documents"].to_dicts()}
    assert {
        outcome[f"hostile-{name}.pdf"]
        for name in ("empty_password", "xref_loop", "deep_nesting", "jpx_bomb")
    } == {("processed", None)}
    expected = {
        "zero_bytes": "empty_file",
        "renamed": "not_a_pdf",
        "encrypted": "encrypted",
        "comment_only": "damaged",
        "no_content": "no_text",
    }
    for name, reason in expected.items():
        assert outcome[f"hostile-{name}.pdf"] == ("quarantined", reason), name
    assert outcome["hostile-truncated.pdf"] == ("partial", "damaged")
    bombed = (
        among["documents"]
        .filter(pl.col("path") == "hostile-bomb_on_second_page.pdf")
        .row(0, named=True)
    )
    assert bombed["status"] == "partial"
    assert [failed["page"] for failed in bombed["failed_pages"]] == [2]
    assert among["lines"].filter(pl.col("document_id") == bombed["document_id"])[
        "page"
    ].to_list() == [1, 3]
    for name in ("flate_bomb", "operator_bomb", "nested_forms"):
        assert outcome[f"hostile-{name}.pdf"][1] in {
            "memory",
            "crash",
            "timeout",
            "damaged",
            "no_text",
        }, name


def corrupted(data: bytes, rng: random.Random) -> bytes:
    """A file damaged in one of five ways: cut short, a hole, a swap, a stray byte, a part twice."""
    at, length = rng.randrange(len(data)), rng.randrange(1, 400)
    match rng.randrange(5):
        case 0:
            return data[: max(20, at)]
        case 1:
            return data[:at] + bytes(length) + data[at + length :]
        case 2:
            return data[:at] + data[at + length :]
        case 3:
            return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        case _:
            return data[:at] + data[at : at + length] + data[at:]


@pytest.mark.slow
def test_corrupted_documents_never_tell_what_is_in_them(tmp_path: Path) -> None:
    folder, rng = tmp_path / "docs", random.Random(2)
    folder.mkdir()
    canaries = [f"{CANARY} {word}" for word in ("souffle", "dyspnée", "fièvre")]
    makers = (reportlab_letter, typst_letter)
    sound = [
        make(tmp_path / f"{make.__name__}.pdf", body=canaries * 4).read_bytes() for make in makers
    ]
    for index in range(500):
        (folder / f"{index:03d}.pdf").write_bytes(corrupted(sound[index % 2], rng))
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    found = run(folder, tmp_path / "out", 2, TMPDIR=str(temporary))  # looks at what was printed
    assert len(found["documents"]) == 500
    assert (
        found["documents"]
        .filter(pl.col("reason").is_null() & (pl.col("status") != "processed"))
        .is_empty()
    )
    assert found["lines"]["text"].str.contains(CANARY).any()  # the canary is there to be found
    for name, frame in {**found, "lines": found["lines"].drop("text")}.items():
        if name not in ("sections", "mentions"):
            assert CANARY not in str(frame.to_dicts()), name
    assert not [path for path in temporary.rglob("*") if path.is_file()]
