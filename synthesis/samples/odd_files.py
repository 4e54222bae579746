"""Odd files, as they occur in hospitals' folders: each maker writes one and returns its truth."""

import io
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from reportlab.pdfgen import canvas as reportlab_canvas

from synthesis.pages import canvas
from synthesis.pages.content import Content
from synthesis.pages.style import Style
from synthesis.samples.truth import truth_of

Maker = Callable[[Path, Content, Style, random.Random], dict[str, Any]]


def _written(path: Path, content: Content, look: Style, rng: random.Random) -> dict[str, Any]:
    canvas.render(content, look, rng, path)
    return {"producer": "reportlab", "pages": truth_of(path)}


def two_columns(path: Path, content: Content, look: Style, rng: random.Random) -> dict[str, Any]:
    """A report in two columns."""
    narrow = replace(look, columns=2, left=45, right=45, size=9.5)
    return _written(path, replace(content, margin=[]), narrow, rng)


def rotated(path: Path, content: Content, look: Style, rng: random.Random) -> dict[str, Any]:
    """Pages that are stored on their side, with a rotation that shows them upright."""
    _written(path, content, look, rng)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for page in pdf.pages:
            width, height = (float(value) for value in page.mediabox[2:])
            page.contents_add(f"q 0 1 -1 0 {height} 0 cm\n".encode(), prepend=True)
            page.contents_add(b"\nQ")
            page.mediabox = pikepdf.Rectangle(0, 0, height, width)
            page.Rotate = 90
        pdf.save(path)
    return {"producer": "reportlab", "pages": truth_of(path)}


def scanned(path: Path, content: Content, look: Style, rng: random.Random) -> dict[str, Any]:
    """One page as an image, slightly noisy, without a text layer."""
    truth = _written(path, replace(content, flow=content.flow[:4]), look, rng)
    with pypdfium2.PdfDocument(path) as pdf:
        image = pdf[0].render(scale=130 / 72).to_pil().convert("L")
    noisy = image.rotate(0.4, expand=False, fillcolor=255)
    buffer = io.BytesIO()
    noisy.save(buffer, "PDF", resolution=130, quality=55)
    path.write_bytes(buffer.getvalue())
    return {**truth, "pages": truth["pages"][:1], "scanned": True}


def encrypted(path: Path, content: Content, look: Style, rng: random.Random) -> dict[str, Any]:
    """A file that needs a password."""
    truth = _written(path, content, look, rng)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="owner", user="secret", R=6))
    return {**truth, "expected": "encrypted"}


def damaged(path: Path, content: Content, look: Style, rng: random.Random) -> dict[str, Any]:
    """A file of which only the first third is there, with a hole in it."""
    truth = _written(path, content, look, rng)
    data = path.read_bytes()
    path.write_bytes(data[:300] + bytes(200) + data[500 : len(data) // 3])
    return {**truth, "expected": "damaged"}


def empty_page(path: Path, content: Content, look: Style, rng: random.Random) -> dict[str, Any]:
    """One blank page."""
    pdf = reportlab_canvas.Canvas(str(path), pagesize=look.page, invariant=1)
    pdf.showPage()
    pdf.save()
    return {
        "producer": "reportlab",
        "pages": [{"page": 1, "width": look.page[0], "height": look.page[1], "regions": []}],
        "expected": "no_text",
    }


def not_a_pdf(path: Path, content: Content, look: Style, rng: random.Random) -> dict[str, Any]:
    """A text file with the name of a PDF."""
    path.write_text("This file was exported by mistake; it holds no document.\n", "utf-8")
    return {"producer": None, "pages": [], "expected": "not_a_pdf"}


# Their order gives the seeds of their documents.
ODD: dict[str, Maker] = {
    "two-columns": two_columns,
    "rotated": rotated,
    "scanned": scanned,
    "encrypted": encrypted,
    "damaged": damaged,
    "empty-page": empty_page,
    "not-a-pdf": not_a_pdf,
}
