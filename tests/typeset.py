"""Small pages set by hand: pieces of text at given places."""

from pathlib import Path

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas

from chartline.pdf.glyphs import Engine, pages
from chartline.pdf.layout.lines import page_lines

Piece = tuple[float, float, str, float]  # x, baseline from the top, text, size
SENTENCES = [
    "La patiente revient pour une dyspnée stable sous traitement, sans",
    "œdème ni orthopnée. L'examen retrouve un souffle systolique connu",
    "et une tension à 128/74. Le poids est stable depuis la sortie, le",
    "bilan biologique de contrôle est joint au présent courrier, et le",
    "prochain rendez-vous est fixé dans trois mois avec une échographie.",
]


def width(text: str, size: float = 10.0, font: str = "Helvetica") -> float:
    """How wide a text is set, in points."""
    return stringWidth(text, font, size)


def written(path: Path, pieces: list[Piece], font: str = "Helvetica") -> Path:
    """A PDF of one page that holds the pieces, written in their order."""
    pdf = canvas.Canvas(str(path), pagesize=(595, 842), invariant=1)
    for x, top, text, size in pieces:
        pdf.setFont(font, size)
        pdf.drawString(x, 842 - top, text)
    pdf.save()
    return path


def prose(x: float = 60.0, top: float = 300.0, size: float = 10.0) -> list[Piece]:
    """Five lines of running text, whose words are parted by space glyphs."""
    return [(x, top + 14.0 * row, text, size) for row, text in enumerate(SENTENCES)]


def typed_lines(lines: list[str]) -> list[Piece]:
    """Lines of a page that is set in a typewriter font, to be written in Courier."""
    return [(60.0, 242 + 12.0 * row, line, 10.0) for row, line in enumerate(lines)]


def beside_notes(row: list[Piece]) -> list[Piece]:
    """A row at 400 points below running text, with notes at the right of both."""
    notes = [
        "Dr Odile VARENNE",
        "Dr Paul MESTRAL",
        "Secrétariat",
        "Dr Iris FONTBRUNE",
        "Dr Ewan PLESSIER",
    ]
    pieces = prose(size=9.0)
    pieces += [(450.0, 300 + 14.0 * i, text, 9.0) for i, text in enumerate(notes)]
    return [*pieces, *row, (450.0, 400.0, "Dr Lou TERNIS", 10.0)]


def justified(x: float, top: float, text: str, size: float, measure: float) -> list[Piece]:
    """The words of a line, its gaps stretched to `measure` points."""
    words = text.split()
    slack = measure - sum(width(word, size) for word in words)
    pieces = []
    for word in words:
        pieces.append((x, top, word, size))
        x += width(word, size) + slack / (len(words) - 1)
    return pieces


def texts(engine: Engine, path: Path) -> list[str]:
    """The texts of all lines of a file."""
    return [line.text for page in pages(engine, str(path)) for line in page_lines(page)]
