"""Lines of glyphs placed by hand: rows, doubles, directions, raised pieces, at their borders."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from glyph_pages import Text, page

from chartline.pdf.layout.explain import explain
from chartline.pdf.layout.lines import page_lines

ONE, OTHER = "the first text of it", "another one beside it"


def texts(*written: Text, turn: int = 0, hidden: bool = False) -> list[str]:
    return [line.text for line in page_lines(page(*written, turn=turn), hidden=hidden)]


# Rows


@pytest.mark.parametrize(
    ("size", "down", "together"),
    [
        (10.0, 0.79, True),
        (10.0, 0.81, False),
        (20.0, 1.59, True),
        (20.0, 1.61, False),
        (3.0, 0.29, True),
        (3.0, 0.31, False),
    ],
)
def test_one_row_is_one_baseline_to_a_hair(size: float, down: float, together: bool) -> None:
    first = Text(50, 100, ONE, size)
    second = Text(first.end + 0.25 * size, 100 + down, OTHER, size)
    assert texts(first, second) == ([f"{ONE} {OTHER}"] if together else [ONE, OTHER])


def test_rows_are_found_whatever_order_they_are_written_in() -> None:
    rows = [Text(50, 100 + 14.0 * row, f"row number {row} of the text") for row in range(6)]
    shuffled = [rows[place] for place in (3, 0, 5, 1, 4, 2)]
    assert texts(*shuffled) == [row.text for row in rows]


@pytest.mark.parametrize(
    ("right", "bold"), [(0.0, True), (0.79, True), (0.81, False), (-0.5, True)]
)
def test_bold_made_by_printing_twice_is_one_text(right: float, bold: bool) -> None:
    found = texts(Text(50, 100, "Conclusion"), Text(50 + right, 100, "Conclusion"))
    assert (found == ["Conclusion"]) is bold


def test_two_letters_at_one_place_are_both_kept() -> None:
    (found,) = texts(Text(50, 100, "a"), Text(50.1, 100, "b"))
    assert sorted(found) == ["a", "b"]


def test_letters_of_a_ligature_share_their_place_and_stay() -> None:
    """Engines give both letters of one glyph its place, one right after the other."""
    written = [Text(50, 100, "di"), Text(60, 100, "f"), Text(60, 100, "f"), Text(65, 100, "us")]
    assert texts(*written) == ["diffus"]
    apart = [written[0], written[1], written[3], written[2]]  # a second print, written later
    assert texts(*apart) == ["difus"]


@pytest.mark.parametrize(("right", "text"), [(0.04, "diffus"), (0.06, "difus"), (-0.04, "diffus")])
def test_letters_of_a_ligature_stand_at_one_place_to_a_hair(right: float, text: str) -> None:
    written = [Text(50, 100, "di"), Text(60, 100, "f"), Text(60 + right, 100, "f")]
    assert texts(*written, Text(65, 100, "us")) == [text]


def test_a_note_that_runs_into_the_body_is_a_text_of_its_own() -> None:
    body = Text(100, 100, "le bilan biologique de controle est joint")
    note = Text(40, 100, "Dr Anne SOPHIE MARIE", 10.0)
    assert note.end > body.x + 20
    assert sorted(texts(body, note)) == sorted([body.text, note.text])
    assert sorted(texts(note, body)) == sorted([body.text, note.text])
    smaller = Text(40, 100, "Dr Anne SOPHIE MARIE", 9.0)
    assert sorted(texts(body, smaller)) == sorted([body.text, smaller.text])


def test_three_texts_over_each_other_on_one_row() -> None:
    long = Text(50, 100, "le bilan biologique de controle est joint au courrier")
    left, right = Text(30, 100, "marge"), Text(long.end - 10, 100, "numero")
    found = texts(long, left, right)
    assert long.text in found
    assert sorted("".join(found).replace(" ", "")) == sorted(
        (long.text + left.text + right.text).replace(" ", "")
    )


def test_accents_that_go_back_a_little_stay_in_their_text() -> None:
    """Letters may overlap by a fifth of an em, as kerning does."""
    written = [Text(50 + 4.0 * n, 100, letter) for n, letter in enumerate("AVATAR")]
    assert texts(*written) == ["AVATAR"]


# White between words


@pytest.mark.parametrize(("gap", "words"), [(0.16, False), (0.18, True)])
def test_words_are_parted_where_no_space_is_written(gap: float, words: bool) -> None:
    first = Text(50, 100, "souffle")
    second = Text(first.end + 10 * gap, 100, "connu")
    assert texts(first, second) == ["souffle connu" if words else "souffleconnu"]


def test_a_written_space_parts_words_however_narrow() -> None:
    glyphs = page(Text(50, 100, "souffle"), Text(85.2, 100, "connu"))
    spaced = glyphs.glyphs.spaced.copy()
    spaced[7] = True
    tight = replace(glyphs, glyphs=replace(glyphs.glyphs, spaced=spaced))
    assert [line.text for line in page_lines(tight)] == ["souffle connu"]


@pytest.mark.parametrize("step", [8.0, 11.0])
def test_spaced_out_letters_are_one_word(step: float) -> None:
    letters = [Text(50 + step * n, 100, letter) for n, letter in enumerate("COMPTE")]
    assert texts(*letters) == ["COMPTE"]


def test_an_accent_joins_the_letter_under_it() -> None:
    assert texts(Text(50, 100, "de"), Text(55, 100, "\u00b4"), Text(60, 100, "faut")) == ["défaut"]


# Directions


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_a_person_turns_it(turn: int) -> None:
    written = [Text(50, 60, "un titre sur toute la largeur de la page entiere")]
    for row in range(6):
        written.append(Text(50, 100 + 14.0 * row, f"colonne de gauche {row} et suite"))
        written.append(Text(300, 100 + 14.0 * row, f"colonne de droite {row} et suite"))
    found = texts(*written, turn=turn)
    assert found == [
        written[0].text,
        *(t.text for t in written[1::2]),
        *(t.text for t in written[2::2]),
    ]


def test_the_page_is_read_by_the_direction_of_most_of_its_text() -> None:
    level = [Text(100, 100 + 14.0 * row, f"une phrase de niveau, numero {row}") for row in range(5)]
    margin = [Text(40 + 12.0 * row, 400, f"marge {row}", angle=270.0) for row in range(2)]
    found = texts(*margin, *level)
    assert [text for text in found if "phrase" in text] == [text.text for text in level]
    assert {"marge 0", "marge 1"} <= set(found)


@pytest.mark.parametrize("angle", [30.0, 45.0, 300.0])
def test_slanted_text_is_one_line(angle: float) -> None:
    assert texts(Text(300, 400, "copie non valable", 20.0, angle=angle)) == ["copie non valable"]
    assert len(texts(Text(300, 400, "copie", 20.0, angle=angle), Text(300, 100, "page"))) == 2


@pytest.mark.parametrize(
    ("letters", "step", "shift", "column"),
    [
        ("NOTE", 1.2, 0.0, True),
        ("NOT", 1.2, 0.0, False),
        ("NOTE", 0.55, 0.0, True),
        ("NOTE", 0.5, 0.0, False),
        ("NOTE", 1.75, 0.0, True),
        ("NOTE", 1.8, 0.0, False),
        ("NOTE", 1.85, 0.0, False),
        ("NOTE", 1.2, 0.24, True),
        ("NOTE", 1.2, 0.26, False),
        ("1234", 1.2, 0.0, False),  # values one below the other
        ("NOTES1", 1.2, 0.0, True),
        ("NOTE1", 1.2, 0.0, False),
        ("N、O。E", 1.2, 0.0, True),
    ],
)
def test_letters_one_below_the_other_are_a_word(
    letters: str, step: float, shift: float, column: bool
) -> None:
    written = [
        Text(50 + 10 * shift * (place % 2), 100 + 10 * step * place, letter)
        for place, letter in enumerate(letters)
    ]
    level = Text(200, 300, "une phrase de niveau")
    found = texts(*written, level)
    assert (letters in [text.replace(" ", "") for text in found]) is column
    assert level.text in found


def test_letters_below_each_other_but_written_with_others_are_no_word() -> None:
    rows = [Text(50, 100 + 14.0 * row, f"{letter} {row}") for row, letter in enumerate("NOTE")]
    assert "NOTE" not in texts(*rows)


# What is not shown


@pytest.mark.parametrize(
    ("x", "y", "shown"),
    [
        (0.0, 100, True),
        (-2.4, 100, True),
        (-2.6, 100, False),
        (597.4, 100, True),
        (597.6, 100, False),
        (50, 3.1, True),
        (50, 2.9, False),
        (50, 802.9, True),
        (50, 803.1, False),
    ],
)
def test_letters_whose_middle_is_off_the_page_are_not_read(x: float, y: float, shown: bool) -> None:
    assert texts(Text(x, y, "a")) == (["a"] if shown else [])


def test_hidden_text_and_specks_are_not_read() -> None:
    written = [
        Text(50, 100, "seen"),
        Text(50, 200, "layer", hidden=True),
        Text(50, 300, "dot", 0.5),
    ]
    assert texts(*written) == ["seen"]
    assert texts(*written, hidden=True) == ["layer"]
    assert texts(Text(50, 300, "dot", 0.6)) == ["dot"]
    assert texts(Text(50, 300, "layer", hidden=True)) == []


@pytest.mark.parametrize("turn", [0, 90])
def test_a_line_has_a_box_though_its_letters_have_none(turn: int) -> None:
    written = page(Text(50, 100, "a"), turn=turn)
    flat = replace(written.glyphs, x1=written.glyphs.x0, bottom=written.glyphs.top)
    (line,) = page_lines(replace(written, glyphs=flat))
    assert line.x1 - line.x0 == pytest.approx(0.1)
    assert line.bottom - line.top == pytest.approx(10.0 if turn == 0 else 0.1)


# Raised pieces


@pytest.mark.parametrize(
    ("mark", "size", "up", "gap", "joined"),
    [
        ("2", 6.0, 3.0, 0.0, True),
        ("2", 6.0, 4.9, 0.0, True),
        ("2", 6.0, 5.1, 0.0, False),
        ("2", 4.6, 3.0, 0.0, True),
        ("2", 4.4, 3.0, 0.0, False),
        ("2", 4.5, 3.0, 0.0, True),
        ("2", 12.5, 3.0, 0.0, True),
        ("2", 12.6, 3.0, 0.0, False),
        ("2", 6.0, 3.0, 0.29, True),
        ("2", 6.0, 3.0, 0.31, False),
        ("2", 6.0, -3.0, 0.0, True),
        ("abcd", 9.0, 3.0, 0.0, True),
        ("abcde", 9.0, 3.0, 0.0, False),  # a text of its own
        ("abcde", 8.4, 3.0, 0.0, True),
        ("abcde", 9.0, 1.4, 0.0, True),
        ("abcde", 9.0, 1.6, 0.0, False),
        ("a" * 16, 6.0, 3.0, 0.0, True),
        ("a" * 17, 6.0, 3.0, 0.0, False),  # as wide as 5 em
    ],
)
def test_small_pieces_off_the_baseline_join_the_line_they_touch(
    mark: str, size: float, up: float, gap: float, joined: bool
) -> None:
    line = Text(50, 100, "une surface mesuree de 12 m")
    piece = Text(line.end + 10 * gap, 100 - up, mark, size)
    found = texts(line, piece)
    assert len(found) == (1 if joined else 2)
    assert "".join(found).replace(" ", "") == (line.text + mark).replace(" ", "") or not joined


def test_a_raised_piece_joins_the_nearer_of_two_lines() -> None:
    upper, lower = Text(50, 100, "une surface de 12 m"), Text(50, 107, "une mesure de 12 cm")
    found = texts(upper, lower, Text(max(upper.end, lower.end), 103.0, "2", 6.0))
    assert found[0].endswith("12 m 2") or found[0].endswith("12 m2")


# Explained gaps


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_an_explained_gap_lies_where_the_page_is_white(turn: int) -> None:
    left = Text(50, 100, "Furosemide 40 mg")
    written = page(left, Text(left.end + 30, 100, "matin et soir"), turn=turn)
    found = explain(written)
    (gap,) = found.filter(pl.col("size") > 2).to_dicts()
    box = np.array([left.end, 92, left.end + 30, 102])
    for quarter in range(turn // 90):
        x0, top, x1, bottom = box
        box = (
            np.array([800 - bottom, x0, 800 - top, x1])
            if quarter % 2 == 0
            else np.array([600 - bottom, x0, 600 - top, x1])
        )
    assert [gap[name] for name in ("x0", "top", "x1", "bottom")] == pytest.approx(box.tolist())
    assert gap["angle"] == turn
    assert gap["size"] == pytest.approx(3.0)
    assert (gap["left"], gap["right"]) == (left.text, "matin et soir")
    assert (gap["cut"], gap["apart"], gap["rule"]) == (True, True, "wide")
    glyphs = written.glyphs.text
    assert (glyphs[gap["left_glyph"]], glyphs[gap["right_glyph"]]) == ("g", "m")


def test_the_white_is_as_high_as_the_larger_letter_beside_it() -> None:
    left = Text(50, 100, "mg", 10.0)
    (gap,) = explain(page(left, Text(left.end + 40, 100, "mg", 20.0))).to_dicts()
    assert (gap["top"], gap["bottom"]) == pytest.approx((84, 104))
    assert gap["size"] == pytest.approx(2.0)
    assert (gap["x0"], gap["x1"]) == pytest.approx((left.end, left.end + 40))
