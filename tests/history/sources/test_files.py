"""CSV files as exports write them: separators, compression, encodings, parts; tables not read."""

import gzip
from pathlib import Path

import pytest
from history.sources.rows import MARCH, faults, triples, values

from chartline.core.settings import EhrSettings
from chartline.history.sources import csv_layout, read_source
from chartline.history.sources.files import find_all, scan

HEADER = "subject_id,time,code,text_value\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_seen_in_the_header(tmp_path: Path, separator: str) -> None:
    text = HEADER + "1,2020-03-01,A,x y\n"
    (tmp_path / "a.csv").write_text(text.replace(",", separator), "utf-8")
    assert triples(read_source(tmp_path / "a.csv")) == {(1, MARCH, "A")}


def test_a_quotation_mark_is_text_in_a_tab_separated_file(tmp_path: Path) -> None:
    rows = 'a\tb\n1\t"half\n2\t"whole"\n'
    (tmp_path / "a.tsv").write_text(rows, "utf-8")
    assert scan(tmp_path / "a.tsv").collect()["b"].to_list() == ['"half', '"whole"']
    (tmp_path / "b.tsv").write_text('"a"\t"b"\n"1"\t"x\ty"\n', "utf-8")
    assert scan(tmp_path / "b.tsv").collect()["b"].to_list() == ["x\ty"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_encodings(tmp_path: Path, encoding: str, suffix: str) -> None:
    content = (HEADER + '1,2020-03-01,A,"œdème,\nfièvre"\n2,2020-03-01,B,plain\n').encode(encoding)
    file = tmp_path / f"a{suffix}"
    file.write_bytes(gzip.compress(content) if suffix.endswith("gz") else content)
    source = read_source(file)
    assert values(source, "subject_id", "text_value") == [(1, "œdème,\nfièvre"), (2, "plain")]
    foreign = {"not UTF-8: read as Windows-1252": (2, [1, 2])} if encoding == "cp1252" else {}
    assert faults(source) == foreign
    assert not source.faults["lost"].any()


def test_one_foreign_line_does_not_change_the_others(tmp_path: Path) -> None:
    lines = [HEADER.encode(), "1,2020-03-01,A,é\n".encode(), "2,2020-03-01,A,é\n".encode("cp1252")]
    (tmp_path / "a.csv").write_bytes(b"".join(lines))
    source = read_source(tmp_path / "a.csv")
    assert values(source, "text_value") == [("é",), ("é",)]
    assert faults(source) == {"not UTF-8: read as Windows-1252": (1, [2])}


def test_blocks_end_between_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_layout, "_BLOCK", 64)
    rows = [f'{number},2020-03-01,A,"a\nb,c{number}"' for number in range(200)]
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress((HEADER + "\n".join(rows)).encode()))
    frame = scan(tmp_path / "a.csv.gz").collect()
    assert frame["row"].to_list() == list(range(1, 201))
    assert frame["text_value"].to_list() == [f"a\nb,c{number}" for number in range(200)]
    kept = scan(tmp_path / "a.csv.gz").filter(row=150).select("text_value").collect()
    assert kept["text_value"].to_list() == ["a\nb,c149"]


def test_a_compressed_file_that_ends_too_early_is_counted(tmp_path: Path) -> None:
    (tmp_path / "person.csv").write_text("person_id,gender_concept_id\n1,8507\n", "utf-8")
    whole = gzip.compress(b"person_id,condition_concept_id\n" + b"1,2\n" * 1000)
    (tmp_path / "note.csv.gz").write_bytes(whole[:-20])
    assert faults(read_source(tmp_path))["the file cannot be read"][0] == 1


def test_a_table_may_lie_in_numbered_parts(tmp_path: Path) -> None:
    names = ["drug_exposure_1.csv", "drug_exposure-part-00002.csv", "drug_exposure_old.csv"]
    for name in (*names, "drug_exposure.parquet"):
        (tmp_path / name).write_text("a\n", "utf-8")
    found = find_all(tmp_path, "drug_exposure")
    assert sorted(file.name for file in found) == sorted(names[:2])


def test_a_german_export(tmp_path: Path) -> None:
    text = "\ufeffPATNR;DATUM;ICD;WERT\n1;01.03.2020;I10;\n1;01.03.2020;I50.9;3,5\n"
    (tmp_path / "a.csv").write_text(text, "utf-8")
    columns = {"subject_id": "PATNR", "time": "DATUM", "code": "ICD", "numeric_value": "WERT"}
    source = read_source(
        tmp_path / "a.csv",
        EhrSettings(columns=columns, vocabulary="ICD10", time_format="%d.%m.%Y"),
    )
    assert values(source, "code", "numeric_value") == [("ICD10//I10", None), ("ICD10//I50.9", 3.5)]
    assert source.faults.is_empty()


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_a_quotation_mark_without_its_end_costs_no_other_row(tmp_path: Path, suffix: str) -> None:
    rows = ['1,2020-03-01,A,"x, y"', '2,2020-03-01,A,"open', "3,2020-03-01,A,z"]
    content = (HEADER + "\n".join(rows) + "\n").encode()
    file = tmp_path / f"a{suffix}"
    file.write_bytes(gzip.compress(content) if suffix.endswith("gz") else content)
    source = read_source(file)
    assert values(source, "subject_id", "text_value") == [(1, "x, y"), (2, "open"), (3, "z")]
    assert faults(source) == {"a quotation mark without its end: left out": (1, [2])}
