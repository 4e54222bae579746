"""What lies beside the tables: the lock, the number of the contract, notes, plans, the address."""

import stat
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from chartline.core.errors import BusyError, ChartlineError, UsageError
from chartline.core.tables import CONTRACT
from chartline.store.folder import Folder

PLAN = pl.DataFrame({"document_id": ["a"]})


def contract(folder: Folder, tables: bool = True) -> None:
    folder.check_contract(lambda: tables)


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "a" / "out")
    assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700
    assert Folder(tmp_path / "a" / "out").root == folder.root


def test_an_address_is_no_folder(tmp_path: Path) -> None:
    for address in ("s3://bucket/out", "abfss://x"):
        with pytest.raises(UsageError, match="a folder is needed here"):
            Folder(Path(address))
    (tmp_path / "file").write_text("")
    with pytest.raises(ChartlineError, match=r"file: cannot be made \(File exists\)"):
        Folder(tmp_path / "file")


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    holder = r"process \d+ since 20"
    with folder.locked(), pytest.raises(BusyError, match=holder), Folder(tmp_path).locked():
        pass
    with folder.locked():  # free again, and only the last holder is named
        assert (tmp_path / ".lock").read_text().count("process") == 1


def test_the_lock_goes_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, os; from pathlib import Path; from chartline.store.folder import Folder\n"
        "with Folder(Path(sys.argv[1])).locked(): os._exit(3)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == 3
    with Folder(tmp_path).locked():
        pass


def test_the_contract_of_an_empty_folder_is_todays(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    contract(folder, tables=False)
    folder.set_contract()
    assert (tmp_path / ".contract").read_text() == str(CONTRACT)
    contract(folder)


@pytest.mark.parametrize(
    ("number", "message"),
    [(CONTRACT - 1, "older"), (CONTRACT + 1, "newer"), (None, "older"), (CONTRACT, None)],
)
def test_tables_of_another_contract_are_refused(
    tmp_path: Path, number: int | None, message: str | None
) -> None:
    folder = Folder(tmp_path)
    if number is not None:
        (tmp_path / ".contract").write_text(str(number))
    if message is None:
        contract(folder)
        return
    with pytest.raises(UsageError, match=message):
        contract(folder)
    folder.set_contract()  # is that of the tables, once written
    assert (tmp_path / ".contract").read_text() == str(number or CONTRACT)


def test_tables_are_set_aside_together_and_never_over_others(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for round_ in (1, 2):
        (tmp_path / "lines").mkdir()
        (tmp_path / "lines" / "x").write_text(str(round_))
        (tmp_path / ".contract").write_text("1")
        folder.set_aside(["lines", "never written"])
        aside = tmp_path / f"set-aside-{round_}"
        assert (aside / "lines" / "x").read_text() == str(round_)
        assert (aside / ".contract").is_file()
        assert stat.S_IMODE(aside.stat().st_mode) == 0o700
        assert not (tmp_path / "lines").exists()
    with folder.locked(), pytest.raises(BusyError):
        Folder(tmp_path).set_aside(["lines"])


def test_notes_are_kept_by_name(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert folder.note("source") is None
    folder.set_note("source", "dossier d'été")
    assert Folder(tmp_path).note("source") == "dossier d'été"
    assert folder.note("other") is None


def test_a_plan_lives_until_it_is_dropped_or_another_run_begins(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.set_plan("one", PLAN)
    assert folder.plan("one").equals(PLAN)
    folder.set_plan("two", PLAN)
    assert [file.name for file in tmp_path.glob(".plan*")] == [".plan-two.parquet"]
    folder.drop_plan("one")  # is gone already
    folder.drop_plan("two")
    assert not list(tmp_path.glob(".plan*"))


def test_the_address_of_tables_is_remembered_and_not_changed(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert folder.remembered_address(None) is None
    assert folder.remembered_address("s3://a") == "s3://a"
    assert Folder(tmp_path).remembered_address(None) == "s3://a"
    assert folder.remembered_address("s3://a") == "s3://a"
    with pytest.raises(UsageError, match="lie in s3://a, so the setting tables cannot be s3://b"):
        folder.remembered_address("s3://b")
    assert folder.remembered_address(None) == "s3://a"


def test_tables_that_lie_here_cannot_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "lines" / "_delta_log").mkdir(parents=True)
    with pytest.raises(UsageError, match="lie in it"):
        Folder(tmp_path).remembered_address("s3://a")
    assert Folder(tmp_path).remembered_address(None) is None
