"""Small pages for the rules of cutting.

EXAMPLES holds one for every rule: the rule of its name decides one of its gaps. NEAR_MISSES holds
the same pages with a gap a little narrower, or a row less, so that the rule does not decide.
"""

from dataclasses import dataclass

from typeset import SENTENCES, Piece, beside_notes, justified, prose, typed_lines, width


@dataclass(frozen=True)
class Example:
    """A page, and the texts on either side of a gap that the rule of its name decides."""

    pieces: list[Piece]
    left: str
    right: str
    font: str = "Helvetica"


def row(top: float, *cells: tuple[float, str]) -> list[Piece]:
    return [(x, top, text, 10.0) for x, text in cells]


def left_of(edge: float, gap: float, text: str) -> float:
    """Where a text begins that ends `gap` em of 10 points before an edge."""
    return edge - 10 * gap - width(text)


def after(text: str, gap: float, x: float = 60.0) -> float:
    """Where a text begins `gap` em of 10 points behind another one at `x`."""
    return x + width(text) + 10 * gap


def shared_edges(rows: int = 4) -> Example:
    """Notes begin at one place in four rows, which full lines of text keep apart."""
    pieces = []
    for number, note in enumerate(["Nas 9231", "NHC 4471", "Interna", "Médica"][:rows]):
        body = SENTENCES[number][:30].strip() + " "  # a space glyph, so that none is missing
        pieces += row(300 + 28.0 * number, (left_of(300, 0.95, body.strip()), body), (300, note))
        pieces += row(314 + 28.0 * number, (60, " ".join(SENTENCES[:2])[:95]))
    return Example(pieces, SENTENCES[1][:30].strip(), "NHC 4471")


def many_shared_edges(rows: int = 10) -> Example:
    """Two columns set flush right, so near that the longest words are a word space apart."""
    left = "CONFRERE SENTIMENTS LES MEILLEURS DECOURS, LE PATIENT TRANSFERE SERVICE SOINS".split()
    right = "ECHOGRAPHIE LA ABDOMINALE EN EVIDENCE ANOMALIE SIGNIFICATIVE. RESPIRATOIRE, LA FIN"
    edge = 206 + max(map(width, right.split()))
    pieces = []
    for number, (one, other) in enumerate(zip(left[-rows:], right.split()[-rows:], strict=True)):
        pieces += row(300 + 14.0 * number, (200 - width(one), one), (edge - width(other), other))
    return Example(pieces, "TRANSFERE", "RESPIRATOIRE,")


def table_column(others: int = 3) -> Example:
    """The longest name of a table nearly touches its value."""
    names = ["Immunoglobulines", "Sodium", "Urée", "Fer"][: 1 + others]
    value = after("Immunoglobulines", 0.36)
    pieces = []
    for number, name in enumerate(names):
        pieces += row(300 + 14.0 * number, (60, name), (value, f"1{number}9"), (300, "mmol"))
    return Example(pieces, "Immunoglobulines", "109")


def no_space_written(rows: int = 4) -> Example:
    """The longest drug ends a word space before the dose, but no space glyph stands there."""
    names = ["Atorvastatine 80 mg", "Clopidogrel 75 mg", "Bisoprolol 5 mg", "Ramipril 5 mg"]
    dose, pieces = after("Atorvastatine 80 mg", 0.24), prose()
    for number, name in enumerate(names[:rows]):
        pieces += row(500 + 14.0 * number, (60, name), (dose, "1-0-0"))
    return Example(pieces, "Atorvastatine 80 mg", "1-0-0")


def typed_spaces(spaces: int = 3) -> Example:
    lines = [
        f"Admission: 12 August 2018{' ' * spaces}Discharge: 18 January 2019",
        "The wound was closed in two layers of silk and left dry here.",
        "No drain was used and the skin was closed with a running stitch.",
    ]
    return Example(
        typed_lines(lines), "Admission: 12 August 2018", "Discharge: 18 January 2019", "Courier"
    )


def no_space_in_table_row(gap: float = 1.5) -> Example:
    """The headings of a table that stands alone: no other row shares their places."""
    pieces = prose() + row(
        500, (60, "Posologie"), (after("Posologie", gap), "Matin"), (300, "Soir")
    )
    return Example(pieces, "Posologie", "Matin")


def aligned_in_table_row(gap: float = 1.0) -> Example:
    """Two rows share both edges of a gap; a line between them crosses it."""
    pieces = row(300, (60, "Sodium"), (after("Sodium", gap), "139"), (300, "mmol"))
    pieces += row(314, (60, "Dosages du jour, sang veineux"))
    pieces += row(328, (60, "Sodium"), (after("Sodium", gap), "141"), (300, "mmol"))
    return Example(pieces, "Sodium", "141")


def value_after_colon(gap: float = 0.9) -> Example:
    name = "Numéro de dossier :"
    return Example(row(300, (60, name), (after(name, gap), "23093241")), name, "23093241")


def squeezed_cells() -> Example:
    """Words cut off where their columns end: every gap is some 0.7 em wide."""
    words = (
        "Médicament Posologie Matinée Après-midi Crépuscule Indéfiniment Bisoprolol Furosémide "
        "Ramipril Spironolactone"
    ).split()
    pieces = []
    for number in range(6):
        for column in range(5):
            word = words[(3 * number + column) % 10]
            while width(word) > 37:
                word = word[:-1]
            pieces += row(300 + 14.0 * number, (60 + 44.0 * column, word))
    return Example(pieces, "Crépus", "Indéfini")


def written_later(gap: float = 0.9) -> Example:
    """A footer at the height of the page number, which was written before the text."""
    number = "1/3"
    footer = (after(number, gap), 800.0, "Ce compte rendu est confidentiel.", 10.0)
    return Example([*row(800, (60, number)), *prose(), footer], number, footer[2])


def justified_line() -> Example:
    lines = ["Revoir dans trois mois environ", "Traitement inchangé ce jour", "Sans fait nouveau"]
    pieces = []
    for number, line in enumerate(lines):
        pieces += justified(60, 300 + 14.0 * number, line, 10, 230)
    return Example(pieces, "Sans", "fait nouveau")


def wide(gap: float = 1.9) -> Example:
    pieces = row(300, (60, "80 mg"), (after("80 mg", gap), "matin et soir"))
    return Example(pieces, "80 mg", "matin et soir")


def white_corridor(rows: int = 3) -> Example:
    """Cells that are neither flush left nor flush right, with white between them in every row."""
    pieces = []
    cells = [("500 mg", "le soir"), ("20 mg", "-"), ("5 mg", "oui")]
    for number, (one, other) in enumerate(cells[:rows]):
        edge = 160 + 2.0 * number
        pieces += row(300 + 13.0 * number, (left_of(edge, 1.0, one), one), (edge, other))
    return Example(pieces, "20 mg", "-")


def word_space() -> Example:
    """Two words that are drawn apart, by less than a table or a column would leave."""
    return Example(
        row(300, (60, "Bonne"), (after("Bonne", 0.5), "évolution")), "Bonne", "évolution"
    )


def mark_and_its_text(gap: float = 1.5) -> Example:
    pieces = []
    for number, text in enumerate(["Bisoprolol 2,5 mg", "Furosémide 40 mg", "Régime sans sel"]):
        pieces += row(300 + 14.0 * number, (60, "•"), (after("•", gap), text))
    return Example(pieces, "•", "Furosémide 40 mg")


def number_and_its_heading(gap: float = 1.5) -> Example:
    heading = row(400, (60, "2.1"), (after("2.1", gap), "Mode de vie"))
    return Example(beside_notes(heading), "2.1", "Mode de vie")


EXAMPLES = {
    make.__name__: make()
    for make in (
        shared_edges,
        many_shared_edges,
        table_column,
        no_space_written,
        typed_spaces,
        no_space_in_table_row,
        aligned_in_table_row,
        value_after_colon,
        squeezed_cells,
        written_later,
        justified_line,
        wide,
        white_corridor,
        word_space,
        mark_and_its_text,
        number_and_its_heading,
    )
}

NEAR_MISSES = {
    "shared_edges": shared_edges(rows=3),
    "many_shared_edges": many_shared_edges(rows=6),
    "table_column": table_column(others=2),
    "no_space_written": no_space_written(rows=3),
    "typed_spaces": typed_spaces(spaces=4),
    "no_space_in_table_row": no_space_in_table_row(gap=0.55),
    "aligned_in_table_row": aligned_in_table_row(gap=0.7),
    "value_after_colon": value_after_colon(gap=0.7),
    "written_later": written_later(gap=0.75),
    "wide": wide(gap=1.7),
    "white_corridor": white_corridor(rows=2),
    "mark_and_its_text": mark_and_its_text(gap=3.1),
    "number_and_its_heading": number_and_its_heading(gap=2.1),
}
