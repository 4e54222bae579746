"""What belongs to one line is not cut, by either engine."""

from pathlib import Path

import pytest
from typeset import SENTENCES, beside_notes, justified, texts, typed_lines, width, written

from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Engine

engines = pytest.mark.parametrize(
    "engine", [PdfiumEngine(), PlumberEngine()], ids=lambda engine: engine.name
)


@engines
def test_justified_lines_stay_whole_however_wide_their_gaps(tmp_path: Path, engine: Engine) -> None:
    lines = [
        "Traitement inchangé ce jour",
        "Surveillance du poids",
        "Revoir dans trois mois environ",
        "Sans fait nouveau",
    ]
    pieces = [
        piece
        for i, line in enumerate(lines)
        for piece in justified(60, 300 + 14 * i, line, 10, 215)
    ]
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == lines


@engines
def test_dot_leaders_stay_in_one_line(tmp_path: Path, engine: Engine) -> None:
    lines = [
        "Fraction d'éjection ................ 55 %",
        "Pression pulmonaire .............. 32 mmHg",
    ]
    pieces = [(60.0, 300 + 14.0 * i, text, 10.0) for i, text in enumerate(lines)]
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == lines


@engines
@pytest.mark.parametrize("mark", ["•", "-", "1.", "a)", "–", "[7]"])
def test_a_bullet_belongs_to_its_line(tmp_path: Path, engine: Engine, mark: str) -> None:
    items = ["Bisoprolol 2,5 mg le matin", "Furosémide 40 mg", "Régime sans sel"]
    pieces = [(60.0, 300 + 14.0 * i, mark, 10.0) for i in range(3)]
    pieces += [(78.0, 300 + 14.0 * i, text, 10.0) for i, text in enumerate(items)]
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == [
        f"{mark} {item}" for item in items
    ]


@engines
def test_subscripts_and_superscripts_belong_to_their_line(tmp_path: Path, engine: Engine) -> None:
    pieces = [
        (60.0, 300.0, "SpO", 10.0),
        (60 + width("SpO"), 302.0, "2", 6.0),
    ]
    pieces += [(90.0, 300.0, "à 97 %, surface 1,8 m", 10.0)]
    pieces += [(90 + width("à 97 %, surface 1,8 m"), 296.5, "2", 6.0)]
    (line,) = texts(engine, written(tmp_path / "a.pdf", pieces))
    assert line.replace(" ", "") == "SpO2à97%,surface1,8m2"


@engines
def test_justified_lines_beside_notes_stay_whole(tmp_path: Path, engine: Engine) -> None:
    notes = ["Dr Odile VARENNE", "Dr Paul MESTRAL", "Dr Iris FONTBRUNE", "Secrétariat du service"]
    lines = [" ".join(sentence.split()[:7]) for sentence in SENTENCES[:4]]
    pieces = [(40.0, 300 + 14.0 * i, text, 8.0) for i, text in enumerate(notes)]
    for i, line in enumerate(lines):
        words = sum(width(word) for word in line.split())
        pieces += justified(190, 300 + 14.0 * i, line, 10, words + 10.0 * 6 + 1.7 * i)
    assert sorted(texts(engine, written(tmp_path / "a.pdf", pieces))) == sorted(notes + lines)


@engines
def test_two_spaces_after_a_sentence_do_not_part_typewritten_lines(
    tmp_path: Path, engine: Engine
) -> None:
    lines = [
        "The abdomen was prepped in the usual way.  An oblique incision was",
        "made in the line of its fibres to the ring.  The cord was encircled",
        "and a drain was laid around it.  A sac was found on the inner side,",
        "opened, and tied off near the neck.  It was sent to the laboratory.",
        "ESTIMATED BLOOD LOSS:  less than 20 ml, none of which was replaced.",
        "The wound was closed in two layers of silk.  No drain was left here",
    ]
    assert texts(engine, written(tmp_path / "a.pdf", typed_lines(lines), "Courier")) == [
        line.replace("  ", " ") for line in lines
    ]


@engines
def test_a_number_belongs_to_its_heading_beside_another_column(
    tmp_path: Path, engine: Engine
) -> None:
    pieces = beside_notes([(60.0, 400.0, "2.1", 10.0), (88.0, 400.0, "Mode de vie", 10.0)])
    assert "2.1 Mode de vie" in texts(engine, written(tmp_path / "a.pdf", pieces))


@engines
def test_three_typed_spaces_part_nothing_by_themselves(tmp_path: Path, engine: Engine) -> None:
    lines = [
        "Admission: 12 August 2018   Discharge: 18 January 2019",
        "The wound was closed in two layers of silk and left dry here.",
        "No drain was used and the skin was closed with a running stitch.",
    ]
    assert texts(engine, written(tmp_path / "a.pdf", typed_lines(lines), "Courier")) == [
        line.replace("   ", " ") for line in lines
    ]


@engines
def test_a_raised_number_parts_nothing_beside_another_column(
    tmp_path: Path, engine: Engine
) -> None:
    """It leaves white in the row of the letters around it."""
    before, after = "suivi par un spécialiste.", "Le traitement est inchangé."
    x = 60 + width(before)
    row = [
        (60.0, 400.0, before, 10.0),
        (x, 396.5, "34", 6.0),
        (x + width("34", 6) + 2.8, 400.0, after, 10.0),
    ]
    pieces = beside_notes(row)
    assert f"{before}34 {after}" in texts(engine, written(tmp_path / "a.pdf", pieces))
