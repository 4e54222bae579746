"""Lines are cut where a person would cut them, by either engine."""

import tracemalloc
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas

from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import Engine, pages
from chartline.pdf.layout.lines import page_lines

engines = pytest.mark.parametrize(
    "engine", [PdfiumEngine(), PlumberEngine()], ids=lambda engine: engine.name
)
Piece = tuple[float, float, str, float]  # x, baseline from the top, text, size
SENTENCES = [
    "La patiente revient pour une dyspnée stable sous traitement, sans",
    "œdème ni orthopnée. L'examen retrouve un souffle systolique connu",
    "et une tension à 128/74. Le poids est stable depuis la sortie, le",
    "bilan biologique de contrôle est joint au présent courrier, et le",
    "prochain rendez-vous est fixé dans trois mois avec une échographie.",
]


def written(path: Path, pieces: list[Piece], font: str = "Helvetica") -> Path:
    pdf = canvas.Canvas(str(path), pagesize=(595, 842), invariant=1)
    for x, top, text, size in pieces:
        pdf.setFont(font, size)
        pdf.drawString(x, 842 - top, text)
    pdf.save()
    return path


def typed(path: Path, lines: list[str]) -> Path:
    return written(
        path, [(60.0, 242 + 12.0 * i, line, 10.0) for i, line in enumerate(lines)], "Courier"
    )


def beside_notes(row: list[Piece]) -> list[Piece]:
    """A row at 400 points below prose, with notes at the right of both."""
    notes = [
        "Dr Odile VARENNE",
        "Dr Paul MESTRAL",
        "Secrétariat",
        "Dr Iris FONTBRUNE",
        "Dr Ewan PLESSIER",
    ]
    pieces = [(60.0, 300 + 14.0 * i, text, 9.0) for i, text in enumerate(SENTENCES)]
    pieces += [(450.0, 300 + 14.0 * i, text, 9.0) for i, text in enumerate(notes)]
    return [*pieces, *row, (450.0, 400.0, "Dr Lou TERNIS", 10.0)]


def texts(engine: Engine, path: Path) -> list[str]:
    return [line.text for page in pages(engine, str(path)) for line in page_lines(page)]


def justified(x: float, top: float, text: str, size: float, width: float) -> list[Piece]:
    """The words of a line, its gaps stretched to `width`."""
    words = text.split()
    slack = width - sum(stringWidth(word, "Helvetica", size) for word in words)
    pieces = []
    for word in words:
        pieces.append((x, top, word, size))
        x += stringWidth(word, "Helvetica", size) + slack / (len(words) - 1)
    return pieces


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
    left = 175 - stringWidth(long, "Helvetica", 9)
    pieces = [(left, 300 + 14 * i, text, 9.0) for i, text in enumerate(notes)]
    pieces += [(180.0, 300 + 14 * i, text, 10.0) for i, text in enumerate(SENTENCES)]
    assert sorted(texts(engine, written(tmp_path / "a.pdf", pieces))) == sorted(SENTENCES + notes)


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
        right = 220 - stringWidth(value, "Helvetica", 9)  # numbers are set flush right
        for x, text in ((60.0, name), (right, value), (228.0, unit), (300.0, normal)):
            pieces.append((x, 300 + 13.0 * i, text, 9.0))
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == [
        cell for row in rows for cell in row
    ]


@engines
def test_dot_leaders_stay_in_one_line(tmp_path: Path, engine: Engine) -> None:
    lines = [
        "Fraction d'éjection ................ 55 %",
        "Pression pulmonaire .............. 32 mmHg",
    ]
    pieces = [(60.0, 300 + 14.0 * i, text, 10.0) for i, text in enumerate(lines)]
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == lines


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
def test_a_note_that_runs_into_the_body_is_told_apart(tmp_path: Path, engine: Engine) -> None:
    note = "consultations.cardiologie@hopital.example"
    pieces = [(40.0, 328.0, note, 8.0)]
    pieces += [(150.0, 300 + 14.0 * i, text, 10.0) for i, text in enumerate(SENTENCES)]
    assert stringWidth(note, "Helvetica", 8) > 114
    assert sorted(texts(engine, written(tmp_path / "a.pdf", pieces))) == sorted([note, *SENTENCES])


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
        (60 + stringWidth("SpO", "Helvetica", 10), 302.0, "2", 6.0),
    ]
    pieces += [(90.0, 300.0, "à 97 %, surface 1,8 m", 10.0)]
    pieces += [(90 + stringWidth("à 97 %, surface 1,8 m", "Helvetica", 10), 296.5, "2", 6.0)]
    (line,) = texts(engine, written(tmp_path / "a.pdf", pieces))
    assert line.replace(" ", "") == "SpO2à97%,surface1,8m2"


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
    value = 60 + stringWidth("Potassium plasmatique", "Helvetica", size) + 0.5 * size
    flag = value + stringWidth("139", "Helvetica", size) + 0.5 * size
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
        widths = [stringWidth(row[column], "Helvetica", size) for row in rows]
        pieces += [
            (x + (max(widths) - width) / 2, 300 + 13.0 * i, row[column], size)
            for i, (row, width) in enumerate(zip(rows, widths, strict=True))
        ]
        x += max(widths) + white * size
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == [
        cell for row in rows for cell in row
    ]


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
    widest = max(stringWidth(text, "Helvetica", 10) for text in right)
    pieces = [
        (200 - stringWidth(text, "Helvetica", 10), 300 + 14.0 * row, text, 10.0)
        for row, text in enumerate(left)
    ]
    edge = 200 + widest + 6
    pieces += [
        (edge - stringWidth(text, "Helvetica", 10), 300 + 14.0 * row, text, 10.0)
        for row, text in enumerate(right)
    ]
    assert sorted(texts(engine, written(tmp_path / "a.pdf", pieces))) == sorted(left + right)


@engines
def test_columns_as_far_apart_as_each_other_are_no_justified_line(
    tmp_path: Path, engine: Engine
) -> None:
    cells, x, pieces = ["80 mg", "matin et soir", "jamais"], 60.0, []
    for cell in cells:
        pieces.append((x, 300.0, cell, 10.0))
        x += stringWidth(cell, "Helvetica", 10) + 30
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == cells


@engines
def test_justified_lines_beside_notes_stay_whole(tmp_path: Path, engine: Engine) -> None:
    notes = ["Dr Odile VARENNE", "Dr Paul MESTRAL", "Dr Iris FONTBRUNE", "Secrétariat du service"]
    lines = [" ".join(sentence.split()[:7]) for sentence in SENTENCES[:4]]
    pieces = [(40.0, 300 + 14.0 * i, text, 8.0) for i, text in enumerate(notes)]
    for i, line in enumerate(lines):
        width = sum(stringWidth(word, "Helvetica", 10) for word in line.split()) + 10.0 * 6
        pieces += justified(190, 300 + 14.0 * i, line, 10, width + 1.7 * i)
    assert sorted(texts(engine, written(tmp_path / "a.pdf", pieces))) == sorted(notes + lines)


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
    assert texts(engine, typed(tmp_path / "a.pdf", lines)) == [
        line.replace("  ", " ") for line in lines
    ]


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
        x += stringWidth(cell, "Helvetica", 10) + 70
    pieces += [(60.0, 300 + 14 * i, text, 10.0) for i, text in enumerate(SENTENCES)]
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == SENTENCES + cells


@engines
def test_cells_cut_off_where_their_columns_end_are_apart(tmp_path: Path, engine: Engine) -> None:
    """Every gap of a row is some 0.7 em wide, as in a stretched line; other rows go on at the same places."""
    words = "Médicament Posologie Matinée Après-midi Crépuscule Indéfiniment Bisoprolol Furosémide Ramipril Spironolactone"
    rows = [[words.split()[(3 * row + column) % 10] for column in range(5)] for row in range(6)]
    cells, pieces = [], []
    for number, row in enumerate(rows):
        for column, word in enumerate(row):
            while stringWidth(word, "Helvetica", 10) > 37:
                word = word[:-1]
            pieces.append((60 + 44.0 * column, 300 + 14.0 * number, word, 10.0))
            cells.append(word)
    assert texts(engine, written(tmp_path / "a.pdf", pieces)) == cells


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
    assert texts(engine, typed(tmp_path / "a.pdf", lines)) == [
        line.replace("   ", " ") for line in lines
    ]


@engines
def test_a_value_in_a_grid_is_apart_from_its_label(tmp_path: Path, engine: Engine) -> None:
    label, value, spaced = "Numéro de dossier :", "23093241", "Poids :    72 kg"
    x = 60 + stringWidth(label, "Helvetica", 10) + 9
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
def test_a_raised_number_parts_nothing_beside_another_column(
    tmp_path: Path, engine: Engine
) -> None:
    """It leaves white in the row of the letters around it."""
    before, after = "suivi par un spécialiste.", "Le traitement est inchangé."
    x = 60 + stringWidth(before, "Helvetica", 10)
    width = stringWidth("34", "Helvetica", 6)
    row = [
        (60.0, 400.0, before, 10.0),
        (x, 396.5, "34", 6.0),
        (x + width + 2.8, 400.0, after, 10.0),
    ]
    pieces = beside_notes(row)
    assert f"{before}34 {after}" in texts(engine, written(tmp_path / "a.pdf", pieces))


@engines
def test_a_number_before_a_name_is_a_cell_where_others_follow(
    tmp_path: Path, engine: Engine
) -> None:
    rows = [("1", "Bisoprolol", "2,5 mg", "matin"), ("2", "Ramipril", "5 mg", "soir")]
    pieces: list[Piece] = [(60.0, 300 + 14 * i, text, 10.0) for i, text in enumerate(SENTENCES)]
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
    x = 60 + max(stringWidth(name, "Helvetica", 10) for name, _ in rows) + 2.4
    pieces: list[Piece] = [(60.0, 300 + 14 * i, text, 10.0) for i, text in enumerate(SENTENCES)]
    for number, (name, times) in enumerate(rows):
        pieces += [(60.0, 500 + 14.0 * number, name, 10.0), (x, 500 + 14.0 * number, times, 10.0)]
    assert texts(engine, written(tmp_path / "a.pdf", pieces))[5:] == [
        cell for row in rows for cell in row
    ]


@engines
def test_what_was_written_at_another_time_is_another_text(tmp_path: Path, engine: Engine) -> None:
    pieces: list[Piece] = [(60.0, 800.0, "1/3", 8.0)]
    pieces += [(60.0, 300 + 14 * i, text, 10.0) for i, text in enumerate(SENTENCES)]
    footer = "Ce compte rendu est confidentiel."
    pieces.append((60 + stringWidth("1/3", "Helvetica", 8) + 9, 800.0, footer, 8.0))
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
