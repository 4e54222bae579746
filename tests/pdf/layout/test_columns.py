"""Columns, margin notes and footers never share a line, by either engine."""

import tracemalloc
from pathlib import Path

import pytest
from typeset import SENTENCES, Piece, prose, texts, width, written

from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Engine, pages
from chartline.pdf.layout.lines import page_lines

engines = pytest.mark.parametrize(
    "engine", [PdfiumEngine(), PlumberEngine()], ids=lambda engine: engine.name
)


@engines
@pytest.mark.parametrize("shift", [0.0, 0.5, 1.0, 2.0])
def test_notes_beside_the_body_at_nearly_its_height(
    tmp_path: Path, engine: Engine, shift: float
) -> None:
    notes = [
        "Dr Odile VARENNE",
        "Dr Paul MESTRAL-KERBRAT",
        "Secrétariat",
        "01 99 00 11 22",
        "Dr Iris FONTBRUNE",
    ]
    pieces = [(170.0, 300 + 14 * i, text, 10.0) for i, text in enumerate(SENTENCES)]
    pieces += [(40.0, 300 + 14 * i + shift, text, 8.0) for i, text in enumerate(notes)]
    found = texts(engine, written(tmp_path / "a.pdf", pieces))
    assert sorted(found) == sorted(SENTENCES + notes)
    first = found.index(SENTENCES[0])
    assert found[first : first + 5] == SENTENCES


@engines
def test_the_longest_note_nearly_touches_the_body(tmp_path: Path, engine: Engine) -> None:
    long = "Dr Anne-Sophie DE MONTREVEL"
    notes = ["Dr Odile VARENNE", long, "Secrétariat", "01 99 00 11 22", "Dr Iris FONTBRUNE"]
    left = 175 - width(long, 9)
    pieces = [(left, 300 + 14 * i, text, 9.0) for i, text in enumerate(notes)]
    pieces += [(180.0, 300 + 14 * i, text, 10.0) for i, text in enumerate(SENTENCES)]
    assert sorted(texts(engine, written(tmp_path / "a.pdf", pieces))) == sorted(SENTENCES + notes)


@engines
def test_a_heading_at_the_left_of_its_paragraph(tmp_path: Path, engine: Engine) -> None:
    headings = ["Motif", "Examen", "Conclusion"]
    pieces = []
    for i, heading in enumerate(headings):
        pieces.append((60.0, 300 + 60.0 * i, heading, 10.0))
        pieces += [
            (140.0, 300 + 60.0 * i + 14 * j, text, 10.0)
            for j, text in enumerate(SENTENCES[i : i + 3])
        ]
    found = texts(engine, written(tmp_path / "a.pdf", pieces))
    assert set(found) == set(headings) | set(SENTENCES)
    assert len(found) == 12


@engines
def test_a_note_that_runs_into_the_body_is_a_line_of_its_own(
    tmp_path: Path, engine: Engine
) -> None:
    note = "consultations.cardiologie@hopital.example"
    pieces = [(40.0, 328.0, note, 8.0)]
    pieces += [(150.0, 300 + 14.0 * i, text, 10.0) for i, text in enumerate(SENTENCES)]
    assert width(note, 8) > 114
    assert sorted(texts(engine, written(tmp_path / "a.pdf", pieces))) == sorted([note, *SENTENCES])


@engines
def test_cells_set_flush_right_are_apart(tmp_path: Path, engine: Engine) -> None:
    left = [
        "CONFRERE",
        "SENTIMENTS",
        "LES",
        "MEILLEURS",
        "DECOURS,",
        "LE",
        "PATIENT",
        "TRANSFERE",
        "SERVICE",
        "SOINS",
    ]
    right = [
        "ECHOGRAPHIE",
        "LA",
        "ABDOMINALE",
        "EN",
        "EVIDENCE",
        "ANOMALIE",
        "SIGNIFICATIVE.",
        "RESPIRATOIRE,",
        "LA",
        "FREQUENCE",
    ]
    widest = max(width(text) for text in right)
    pieces = [(200 - width(text), 300 + 14.0 * row, text, 10.0) for row, text in enumerate(left)]
    edge = 200 + widest + 6
    pieces += [(edge - width(text), 300 + 14.0 * row, text, 10.0) for row, text in enumerate(right)]
    assert sorted(texts(engine, written(tmp_path / "a.pdf", pieces))) == sorted(left + right)


@engines
def test_what_was_written_at_another_time_is_another_text(tmp_path: Path, engine: Engine) -> None:
    pieces: list[Piece] = [(60.0, 800.0, "1/3", 8.0)]
    pieces += prose()
    footer = "Ce compte rendu est confidentiel."
    pieces.append((60 + width("1/3", 8) + 9, 800.0, footer, 8.0))
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == [*SENTENCES, "1/3", footer]


def test_a_page_of_letters_that_each_stand_alone_needs_little_memory(tmp_path: Path) -> None:
    """Each is compared with every other: 7,225 of them once filled 1.3 GB."""
    count = 85
    grid = [
        (10 + 6.7 * column, 10 + 9.6 * row, "x", 3.0)
        for row in range(count)
        for column in range(count)
    ]
    (page,) = pages(PdfiumEngine(), str(written(tmp_path / "letters.pdf", grid)))
    tracemalloc.start()
    lines = page_lines(page)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(line.text.count("x") for line in lines) == count * count
    assert peak < 300e6
