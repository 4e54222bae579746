"""Sections of whole documents: their spans, pages, numbers and which lines they hold."""

import polars as pl
from labelled import line, page

from chartline.text.sections import sections


def test_spans_lead_to_the_text_also_where_a_hyphen_was_undone() -> None:
    found = sections(page(line("un antibio-"), line("tique, puis"), line("rien", page=2)))
    (section,) = found.to_dicts()
    assert section["text"] == "un antibiotique, puis rien"
    assert section["spans"] == [
        {"begin": 0, "end": 10, "page": 1, "line": 0},
        {"begin": 10, "end": 21, "page": 1, "line": 1},
        {"begin": 22, "end": 26, "page": 2, "line": 2},
    ]
    assert (section["first_page"], section["last_page"]) == (1, 2)


def test_a_section_shows_the_pages_of_its_title_and_text() -> None:
    found = sections(page(line("Évolution", "title"), line("Bonne.", page=2, top=100.0)))
    assert found.select("first_page", "last_page").row(0) == (1, 2)


def test_only_clinical_lines_count_each_document_for_itself_in_the_order_of_its_lines() -> None:
    furniture = ["front", "header", "footer", "note", "page_number", "signature", "other"]
    first = page(line("un"), line("deux"), *[line("(no)", label) for label in furniture])
    both = pl.concat([first, first.with_columns(document_id=pl.lit("e"))]).sort("text")
    found = sections(both).sort("document_id").select("document_id", "section", "text").rows()
    assert found == [("d", 0, "un deux"), ("e", 0, "un deux")]


def test_sections_of_a_document_are_numbered() -> None:
    found = sections(page(line("Bonjour."), line("Évolution", "title"), line("Bonne.")))
    assert found.select("section", "kind").rows() == [(0, "introduction"), (1, "course")]


def test_no_lines_no_sections() -> None:
    assert sections(page(line("un")).clear()).is_empty()
