"""Documents to annotate next: much doubt, of many kinds, each once."""

import polars as pl

from chartline.teach import selection


def lines(*rows: tuple[str, str, float, float]) -> pl.DataFrame:
    """Lines of one-page documents: document, label, confidence, top."""
    frame = pl.DataFrame(rows, schema=["document_id", "label", "confidence", "top"], orient="row")
    return frame.with_columns(page=1, x0=50.0, page_width=600.0, page_height=800.0).select(
        selection.COLUMNS
    )


def documents(names: str) -> pl.DataFrame:
    return pl.DataFrame({"document_id": list(names), "path": [f"{name}.pdf" for name in names]})


def test_the_most_doubtful_document_comes_first() -> None:
    found = selection.next_documents(
        documents("abc"),
        lines(
            ("a", "body", 0.9, 100),
            ("a", "body", 0.9, 120),
            ("b", "body", 0.3, 100),
            ("c", "body", 0.6, 100),
        ),
        3,
    )
    assert found["path"].to_list() == ["b.pdf", "c.pdf", "a.pdf"]
    assert found["doubt"].to_list() == [0.7, 0.4, 0.2]


def test_doubt_of_another_kind_comes_before_more_of_the_same() -> None:
    same = [("a", "body", 0.2, 400.0)] * 5 + [("b", "body", 0.2, 400.0)] * 4
    other = [("c", "header", 0.2, 10.0)] * 2
    found = selection.next_documents(documents("abc"), lines(*same, *other), 2)
    assert found["path"].to_list() == ["a.pdf", "c.pdf"]


def test_no_document_is_named_twice_and_none_that_the_table_does_not_hold() -> None:
    found = selection.next_documents(
        documents("ab"), lines(*[(name, "note", 0.5, 30.0) for name in "abx"]), 10
    )
    assert sorted(found["path"]) == ["a.pdf", "b.pdf"]
