"""The kind of a source is recognised by its content; where it is not, one line says so."""

from pathlib import Path

import pytest

from chartline.core.errors import UsageError
from chartline.core.settings import EhrSettings
from chartline.history.sources import read_source
from chartline.store import Store
from chartline.work.event_table import join_events


@pytest.mark.parametrize("name", ["gone", "."])
def test_no_source_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"no such EHR source|no EHR source is recognised"):
        read_source(tmp_path / name)


def test_no_message_names_a_patients_file(tmp_path: Path) -> None:
    (tmp_path / "fhir").mkdir()
    (tmp_path / "fhir" / "Jeanne.json").write_text("{", "utf-8")
    with pytest.raises(UsageError, match="1 rows were refused") as caught:
        join_events(Store(tmp_path / "out"), read_source(tmp_path / "fhir"), EhrSettings())
    assert "Jeanne" not in str(caught.value)
