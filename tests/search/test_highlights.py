"""What was found, by character, and the stretch of text around it."""

from chartline.search.highlights import both, of_codes, of_words, snippet
from chartline.search.query import clauses


def marked(text: str, query: str, language: str = "fr") -> list[str]:
    return [text[begin:end] for begin, end in of_words(text, language, clauses(query))]


def test_words_and_phrases_as_they_are_written() -> None:
    text = "😀 L’insuffisance rénale ; insuffisances cardiaques, insuffisance."
    assert marked(text, "INSUFFISANCE -renale") == ["insuffisance", "insuffisances", "insuffisance"]
    assert marked(text, '"insuffisance cardiaque"') == ["insuffisances cardiaques"]
    assert marked(text, "insuffisance-cardiaque cardiaque") == ["insuffisances cardiaques"]


def test_codes_at_their_mentions_and_only_those_asked_for() -> None:
    mentions = [
        (0, 5, "0", "ICD10", "I50.9"),
        (9, 12, "1", "ICD10", "I50.1"),
        (3, 7, "0", "ATC", "C"),
    ]
    asked = clauses("code:I50 -code:ATC//C")
    assert of_codes(mentions, asked, frozenset()) == [(0, 5)]
    assert of_codes(mentions, asked, frozenset({"negated"})) == [(0, 5), (9, 12)]
    assert both([(0, 5), (20, 22)], [(3, 9)]) == [(0, 9), (20, 22)]


def test_a_snippet_lies_where_most_was_found_and_cuts_no_word() -> None:
    text = "alpha " + "rien " * 100 + "alpha beta " + "rien " * 100
    begin, end = snippet(text, of_words(text, "fr", clauses("alpha beta")))
    shown = text[begin:end]
    assert "alpha beta" in shown
    assert set(shown.split()) == {"alpha", "beta", "rien"}
    assert 100 < len(shown) < 200
    assert snippet("court", []) == (0, 5)
    assert snippet("", []) == (0, 0)
    long = "x" * 500
    assert snippet(f"a {long} b", [(2, 502)]) == (0, 502)
