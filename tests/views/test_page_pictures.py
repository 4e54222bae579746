"""Pages as WebP pictures, made by worker processes; a document that cannot be drawn has none."""

import io
from pathlib import Path

from conftest import reportlab_letter
from PIL import Image
from reportlab.pdfgen import canvas

from chartline.views import page_pictures


def test_the_first_pages_of_each_document_are_drawn(tmp_path: Path) -> None:
    letter = reportlab_letter(tmp_path / "a.pdf", pages=3)
    broken = tmp_path / "b.pdf"
    broken.write_text("no document")
    done: list[int] = []
    found = page_pictures.render(
        {"a": (letter, 2), "b": (broken, 1), "c": (letter, 9)}, 1, 4096, done.append
    )
    assert {name: len(pictures) for name, pictures in found.items()} == {"a": 2, "b": 0, "c": 3}
    assert done == [1, 2, 3]
    picture = Image.open(io.BytesIO(found["a"][1]))
    assert picture.format == "WEBP"
    assert picture.size == (761, 1076)  # 595 by 842 points at 92 pixels an inch, up
    assert picture.convert("L").getextrema()[0] < 80  # something is written there
    assert found["a"] == found["c"][:2]
    assert found["a"][0] != found["a"][1]


def test_a_page_as_large_as_a_poster_is_drawn_smaller(tmp_path: Path) -> None:
    pdf = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(3000, 1500))
    pdf.drawString(100, 100, "poster")
    pdf.save()
    found = page_pictures.render({"a": (tmp_path / "a.pdf", 1)}, 1, 4096, lambda _: None)
    assert Image.open(io.BytesIO(found["a"][0])).size == (2000, 1000)
