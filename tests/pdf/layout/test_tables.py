"""Cells of tables and forms are lines of their own, by either engine."""

from pathlib import Path

import pytest
from typeset import SENTENCES, Piece, prose, texts, width, written

from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Engine

engines = pytest.mark.parametrize(
    "engine", [PdfiumEngine(), PlumberEngine()], ids=lambda engine: engine.name
)


@engines
def test_cells_of_a_table_are_apart(tmp_path: Path, engine: Engine) -> None:
    rows = [
        ("Sodium", "139", "mmol/L", "136 - 145"),
        ("Potassium", "4.2", "mmol/L", "3.5 - 5.1"),
        ("Créatinine", "88", "µmol/L", "59 - 104"),
        ("Hémoglobine", "13.4", "g/dL", "13.0 - 17.0"),
        ("Ferritine", "112", "µg/L", "30 - 400"),
    ]
    pieces = []
    for i, (name, value, unit, normal) in enumerate(rows):
        right = 220 - width(value, 9)  # numbers are set flush right
        for x, text in ((60.0, name), (right, value), (228.0, unit), (300.0, normal)):
            pieces.append((x, 300 + 13.0 * i, text, 9.0))
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == [
        cell for row in rows for cell in row
    ]


@engines
def test_cells_that_nearly_touch_are_parted_where_no_space_was_written(
    tmp_path: Path, engine: Engine
) -> None:
    rows = [
        ("Sodium plasmatique", "139", "*"),
        ("Potassium plasmatique", "4,4", ""),
        ("Chlorure plasmatique", "101", "*"),
    ]
    size, cells, pieces = 10.0, [], []
    value = 60 + width("Potassium plasmatique", size) + 0.5 * size
    flag = value + width("139", size) + 0.5 * size
    for number, row in enumerate(rows):
        for x, text in zip((60.0, value, flag), row, strict=True):
            if text:
                pieces.append((x, 500.0 + 14 * number, text, size))
                cells.append(text)
    pieces += [(60.0, 300 + 14 * i, text, size) for i, text in enumerate(SENTENCES)]
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == SENTENCES + cells


@engines
@pytest.mark.parametrize("white", [0.9, 1.4])  # em between the widest cells
def test_centred_cells_are_cut_where_the_white_goes_on_through_the_rows(
    tmp_path: Path, engine: Engine, white: float
) -> None:
    rows = [
        ("500 mg", "at night", "3 months"),
        ("20 mg", "-", "1 month"),
        ("2.5 mg", "twice daily", "as needed"),
        ("80 mg", "once daily", "-"),
    ]
    size, x, pieces = 10.0, 60.0, []
    for column in range(3):
        widths = [width(row[column], size) for row in rows]
        pieces += [
            (x + (max(widths) - width) / 2, 300 + 13.0 * i, row[column], size)
            for i, (row, width) in enumerate(zip(rows, widths, strict=True))
        ]
        x += max(widths) + white * size
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == [
        cell for row in rows for cell in row
    ]


@engines
def test_columns_as_far_apart_as_each_other_are_no_justified_line(
    tmp_path: Path, engine: Engine
) -> None:
    cells, x, pieces = ["80 mg", "matin et soir", "jamais"], 60.0, []
    for cell in cells:
        pieces.append((x, 300.0, cell, 10.0))
        x += width(cell) + 30
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == cells


@engines
def test_a_sign_in_a_table_is_a_cell_and_in_a_second_column_a_bullet(
    tmp_path: Path, engine: Engine
) -> None:
    names = ["Sodium", "Potassium", "Chlorures"]
    flags = [(60.0, 200 + 14.0 * i, name, 10.0) for i, name in enumerate(names)]
    flags += [(160.0, 200 + 14.0 * i, "*", 10.0) for i in range(3)]
    flags += [
        (180.0, 200 + 14.0 * i, text, 10.0) for i, text in enumerate(["2,76", "> 74", "< 0,35"])
    ]
    items = ["Bisoprolol 2,5 mg le matin", "Furosémide 40 mg", "Régime sans sel"]
    bullets = [(60.0, 400 + 14.0 * i, text, 10.0) for i, text in enumerate(SENTENCES[:3])]
    bullets += [(400.0, 400 + 14.0 * i, "-", 10.0) for i in range(3)]
    bullets += [(412.0, 400 + 14.0 * i, text, 10.0) for i, text in enumerate(items)]
    found = texts(engine, written(tmp_path / "a.pdf", flags + bullets))
    assert {"*", "2,76", "> 74", "< 0,35"} <= set(found)
    assert {f"- {item}" for item in items} <= set(found)


@engines
def test_typewritten_cells_a_letter_apart_are_parted_where_no_space_was_written(
    tmp_path: Path, engine: Engine
) -> None:
    pieces: list[Piece] = [
        (50.0, 62 + 14.0 * number, line, 10.0) for number, line in enumerate(SENTENCES)
    ]
    rows = [
        (f"{day}/03/2024", f"{day + 2:02d}:30", text)
        for day, text in enumerate(("Calme", "Levé", "Repas", "Douleur"), 10)
    ]
    for number, row in enumerate(rows):
        x = 50.0
        for cell in row:
            pieces.append((x, 202 + 16.0 * number, cell, 10.0))
            x += 6 * len(cell) + 5.8
    found = texts(engine, written(tmp_path / "a.pdf", pieces, "Courier"))
    assert found[: len(SENTENCES)] == SENTENCES
    assert found[len(SENTENCES) :] == [cell for row in rows for cell in row]


@engines
def test_the_headings_of_a_lone_table_are_cells(tmp_path: Path, engine: Engine) -> None:
    cells, x, pieces = ["Posologie", "Matin", "Soir"], 60.0, []
    for cell in cells:
        pieces.append((x, 500.0, cell, 10.0))
        x += width(cell) + 70
    pieces += prose()
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == SENTENCES + cells


@engines
def test_cells_cut_off_where_their_columns_end_are_apart(tmp_path: Path, engine: Engine) -> None:
    """Every gap of a row is some 0.7 em wide, as in a stretched line; but other rows go on at the
    same places."""
    words = (
        "Médicament Posologie Matinée Après-midi Crépuscule Indéfiniment Bisoprolol Furosémide "
        "Ramipril Spironolactone"
    ).split()
    rows = [[words[(3 * row + column) % 10] for column in range(5)] for row in range(6)]
    cells, pieces = [], []
    for number, row in enumerate(rows):
        for column, word in enumerate(row):
            while width(word) > 37:
                word = word[:-1]
            pieces.append((60 + 44.0 * column, 300 + 14.0 * number, word, 10.0))
            cells.append(word)
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == cells


@engines
def test_a_value_in_a_grid_is_apart_from_its_label(tmp_path: Path, engine: Engine) -> None:
    label, value, spaced = "Numéro de dossier :", "23093241", "Poids :    72 kg"
    x = 60 + width(label) + 9
    pieces = [(60.0, 300.0, label, 10.0), (x, 300.0, value, 10.0), (60.0, 340.0, spaced, 10.0)]
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == [label, value, "Poids : 72 kg"]


@engines
def test_a_sign_among_other_cells_of_its_column_is_a_cell(tmp_path: Path, engine: Engine) -> None:
    rows = [
        ("Sodium", "H", "144,9"),
        ("Potassium", "*", "12,28"),
        ("Chlorures", "N", "101"),
        ("Calcium", "H", "2,71"),
    ]
    pieces = [
        (x, 300 + 14.0 * number, cell, 10.0)
        for number, row in enumerate(rows)
        for x, cell in zip((60.0, 140.0, 155.0), row, strict=True)
    ]
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == [
        cell for row in rows for cell in row
    ]


@engines
def test_a_number_before_a_name_is_a_cell_where_others_follow(
    tmp_path: Path, engine: Engine
) -> None:
    rows = [("1", "Bisoprolol", "2,5 mg", "matin"), ("2", "Ramipril", "5 mg", "soir")]
    pieces = prose()
    for number, row in enumerate(rows):
        for x, cell in zip((60.0, 80.0, 200.0, 300.0), row, strict=True):
            pieces.append((x, 500 + 14.0 * number, cell, 10.0))
    assert texts(engine, written(tmp_path / "a.pdf", pieces))[5:] == [
        cell for row in rows for cell in row
    ]


@engines
def test_the_widest_cell_of_a_column_may_end_a_space_before_the_next(
    tmp_path: Path, engine: Engine
) -> None:
    rows = [
        ("Clopidogrel 75 mg", "1-0-0"),
        ("Bisoprolol 5 mg", "1-0-0"),
        ("Atorvastatine 80 mg", "0-0-1"),
        ("Ramipril 5 mg", "1-0-1"),
    ]
    x = 60 + max(width(name) for name, _ in rows) + 2.4
    pieces = prose()
    for number, (name, times) in enumerate(rows):
        pieces += [(60.0, 500 + 14.0 * number, name, 10.0), (x, 500 + 14.0 * number, times, 10.0)]
    assert texts(engine, written(tmp_path / "a.pdf", pieces))[5:] == [
        cell for row in rows for cell in row
    ]
