"""The characters of a line, however a file encodes, draws or turns them."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from pdfs import raw_pdf, shown, type3_pdf
from reportlab.pdfgen import canvas

from chartline.pdf.characters import join_accents, normalise, reading_direction
from chartline.pdf.engines.pdfium import PdfiumEngine
from chartline.pdf.engines.plumber import PlumberEngine
from chartline.pdf.glyphs import UNMAPPED, Engine, pages
from chartline.pdf.layout.lines import page_lines

engines = pytest.mark.parametrize(
    "engine", [PdfiumEngine(), PlumberEngine()], ids=lambda engine: engine.name
)
Made = Callable[..., Path]


def texts(engine: Engine, path: Path) -> list[str]:
    return [line.text for page in pages(engine, str(path)) for line in page_lines(page)]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return lambda content, **options: raw_pdf(tmp_path / "a.pdf", content, **options)


@engines
def test_ligatures_are_letters(tmp_path: Path, engine: Engine) -> None:
    source = '#set text(font: "Libertinus Serif")\nefficace, difficile, flutter, souffle'
    (tmp_path / "a.pdf").write_bytes(typst.compile(source.encode()))
    assert texts(engine, tmp_path / "a.pdf") == ["efficace, difficile, flutter, souffle"]


@engines
def test_accents_drawn_on_their_own_join_their_letter(made: Made, engine: Engine) -> None:
    # as TeX does: the accent, then the letter set back under it
    shown_parts = "(Art) 0 (\xb4) 445 (erite mod) (\xb4) 445 (er) (\xb4) 445 (ee)"
    content = f"BT /F1 10 Tf 50 700 Td [{shown_parts}] TJ ET\n"
    assert texts(engine, made(content)) == ["Artérite modérée"]


@engines
def test_combining_characters_compose(made: Made, engine: Engine) -> None:
    widths = {
        "BaseFont": pikepdf.Name("/ABCDEF+Grotesk"),
        "FirstChar": 0,
        "Widths": pikepdf.Array([0 if code == 126 else 500 for code in range(256)]),
    }
    map_of = {**{ord(c): c for c in "fievr"}, ord("~"): "\u0300"}
    found = texts(engine, made(shown("fie~vre", 50, 700), to_unicode=map_of, font=widths))
    assert found == [unicodedata.normalize("NFC", "fie\u0300vre")]


@engines
def test_soft_hyphens_vanish_within_and_show_at_the_end(made: Made, engine: Engine) -> None:
    content = shown("hospi~talisation en cardio~", 50, 700)
    plain = {code: chr(code) for code in range(32, 126)}
    assert texts(engine, made(content, to_unicode={**plain, ord("~"): "\u00ad"})) == [
        "hospitalisation en cardio-"
    ]


@engines
def test_a_glyph_without_a_character_is_flagged(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "a.pdf").write_bytes(typst.compile(b"Insuffisance cardiaque"))
    with pikepdf.open(tmp_path / "a.pdf", allow_overwriting_input=True) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            del font["/ToUnicode"]
        pdf.save(tmp_path / "a.pdf")
    found = texts(engine, tmp_path / "a.pdf")
    assert found
    assert set("".join(found)) <= {UNMAPPED, " "}


@engines
def test_a_nul_is_never_passed_on(made: Made, engine: Engine) -> None:
    plain = {code: chr(code) for code in range(32, 126)}
    (text,) = texts(
        engine, made(shown("Tension ~ stable", 50, 700), to_unicode={**plain, ord("~"): "\x00"})
    )
    assert "\x00" not in text
    assert text.startswith("Tension")
    assert text.endswith("stable")


@engines
@pytest.mark.parametrize("times", [2, 3, 4])
def test_bold_made_by_printing_again_is_read_once(made: Made, engine: Engine, times: int) -> None:
    content = "".join(
        shown("Conclusion normale", 50 + 0.25 * i, 700 - 0.1 * i, 12) for i in range(times)
    )
    assert texts(engine, made(content)) == ["Conclusion normale"]


@engines
def test_text_that_is_not_painted_is_not_read(made: Made, engine: Engine) -> None:
    content = shown("visible", 50, 700) + shown("behind the picture", 50, 600, extra="3 Tr")
    assert texts(engine, made(content)) == ["visible"]


@engines
def test_text_outside_the_page_is_not_read(made: Made, engine: Engine) -> None:
    content = shown("on the page", 50, 700) + shown("below", 50, -40) + shown("beside", 700, 300)
    assert texts(engine, made(content)) == ["on the page"]
    cropped = shown("kept", 50, 700) + shown("cut away", 50, 100)
    assert texts(engine, made(cropped, CropBox=pikepdf.Array([0, 400, 595, 842]))) == ["kept"]


@engines
def test_a_crop_box_beside_the_page_crops_nothing(made: Made, engine: Engine) -> None:
    (page,) = pages(
        engine,
        str(made(shown("on the page", 50, 700), CropBox=pikepdf.Array([600, 850, 700, 900]))),
    )
    assert [line.text for line in page_lines(page)] == ["on the page"]
    assert (page.width, page.height) == (595, 842)


@engines
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_is_read_as_it_is_turned(tmp_path: Path, engine: Engine, turn: int) -> None:
    content = shown("first line of a turned page", 100, 700) + shown(
        "second line of a turned page", 100, 680
    )
    path = raw_pdf(tmp_path / "a.pdf", content, Rotate=turn)
    (page,) = pages(engine, str(path))
    lines = page_lines(page)
    assert [line.text for line in lines] == [
        "first line of a turned page",
        "second line of a turned page",
    ]
    assert all(0 <= line.x0 < line.x1 <= page.width for line in lines)
    assert all(0 <= line.top < line.bottom <= page.height for line in lines)
    assert (page.width > page.height) == (turn in (90, 270))


@engines
@pytest.mark.parametrize("matrix", ["0 1 -1 0", "0 -1 1 0", "-1 0 0 -1", "0.87 0.5 -0.5 0.87"])
def test_turned_lines_are_whole(made: Made, engine: Engine, matrix: str) -> None:
    content = f"BT /F1 10 Tf {matrix} 300 400 Tm (Exemplaire patient numero 7) Tj ET\n" + shown(
        "upright text", 50, 700
    )
    assert set(texts(engine, made(content))) == {"Exemplaire patient numero 7", "upright text"}


@engines
@pytest.mark.parametrize(
    "state", ["/F1 -10 Tf -1 0 0 -1", "/F1 -10 Tf -100 Tz 1 0 0 -1", "/F1 10 Tf -100 Tz -1 0 0 1"]
)
def test_a_negative_size_or_scale_turns_what_the_matrix_turns_back(
    made: Made, engine: Engine, state: str
) -> None:
    content = "".join(
        f"BT {state} 50 {y} Tm (Exemplaire de phrase {y}) Tj ET\n" for y in (700, 680)
    )
    assert texts(engine, made(content)) == ["Exemplaire de phrase 700", "Exemplaire de phrase 680"]
    (page,) = pages(engine, str(made(content)))
    assert {round(line.size) for line in page_lines(page)} == {10}


@engines
def test_a_font_of_its_own_units_has_words(tmp_path: Path, engine: Engine) -> None:
    made = type3_pdf(tmp_path / "a.pdf", ["le patient", "marche seul"], unit=24.0)
    (page,) = pages(engine, str(made))
    lines = page_lines(page)
    assert [line.text for line in lines] == ["le patient", "marche seul"]
    assert all(8 < line.size < 16 for line in lines)


@engines
def test_text_of_no_size_changes_no_other(made: Made, engine: Engine) -> None:
    content = shown("Exemplaire de phrase", 50, 700) + shown(
        "nothing", 50, 650, size=0, extra="400 Tc"
    )
    (page,) = pages(engine, str(made(content)))
    assert [(line.text, round(line.size)) for line in page_lines(page)] == [
        ("Exemplaire de phrase", 10)
    ]


@engines
def test_letters_one_below_the_other_are_a_word(made: Made, engine: Engine) -> None:
    content = "".join(shown(letter, 30, 700 - 11 * i) for i, letter in enumerate("CONFIDENTIEL"))
    content += shown("Le patient va bien.", 100, 700)
    assert set(texts(engine, made(content))) == {"CONFIDENTIEL", "Le patient va bien."}


@engines
def test_a_page_of_nothing_but_letters_one_below_the_other_is_read(
    made: Made, engine: Engine
) -> None:
    content = "".join(shown(letter, 30, 700 - 11 * i) for i, letter in enumerate("CONFIDENTIEL"))
    assert texts(engine, made(content)) == ["CONFIDENTIEL"]


@engines
def test_a_column_of_numbers_is_no_word(made: Made, engine: Engine) -> None:
    content = "".join(shown(str(i), 300, 700 - 12 * i) for i in range(5))
    assert texts(engine, made(content)) == ["0", "1", "2", "3", "4"]


@engines
def test_right_to_left_runs_are_in_the_order_of_reading(made: Made, engine: Engine) -> None:
    hebrew = {ord("a"): "\u05d0", ord("b"): "\u05d1", ord("c"): "\u05d2"}
    plain = {code: chr(code) for code in range(32, 91)}
    content = shown("cba", 50, 700)  # drawn from left to right: the word begins at its right end
    assert texts(engine, made(content, to_unicode={**plain, **hebrew})) == ["\u05d0\u05d1\u05d2"]
    content = shown("DR LEVY cba", 50, 700)
    assert texts(engine, made(content, to_unicode={**plain, **hebrew})) == [
        "DR LEVY \u05d0\u05d1\u05d2"
    ]


def test_characters_beyond_the_basic_plane_are_whole(tmp_path: Path) -> None:
    found = [
        texts(
            engine,
            raw_pdf(tmp_path / "a.pdf", shown("x", 50, 700), to_unicode={ord("x"): "\U0001d465"}),
        )
        for engine in (PdfiumEngine(), PlumberEngine())
    ]
    assert found == [["\U0001d465"], ["\U0001d465"]]


def test_spaced_letters_are_words(tmp_path: Path) -> None:
    pdf = canvas.Canvas(str(tmp_path / "a.pdf"))
    pdf.setFont("Helvetica", 10)
    pdf.drawString(50, 700, "COMPTE RENDU", charSpace=3)
    pdf.save()
    assert texts(PdfiumEngine(), tmp_path / "a.pdf") == ["COMPTE RENDU"]


def test_halves_of_a_character_are_joined_and_lone_ones_replaced() -> None:
    assert normalise("x \ud835\udc65 y") == "x \U0001d465 y"
    assert normalise("lone \ud80c") == "lone \ufffd"


@given(st.text(st.characters()))
def test_normalise_is_idempotent_and_clean(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once or once.endswith("-")
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(char) == "Cc" for char in once)


@given(st.lists(st.sampled_from(list("aeé´`x ")), min_size=1, max_size=12))
def test_joining_accents_loses_no_letter(chars: list[str]) -> None:
    edges = [float(index) for index in range(len(chars))]
    joined = join_accents(chars, edges, [edge + 0.5 for edge in edges])
    assert len(joined) == len(chars)
    assert joined == chars  # none of them overlap


@given(st.text("abc 12\u05d0\u05d1\u05d2", max_size=20))
def test_direction_keeps_every_character(text: str) -> None:
    assert sorted(reading_direction(text)) == sorted(text)
