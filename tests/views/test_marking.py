"""A section as HTML: escaped, its mentions marked, every piece led back to its line."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartline.models.line_classifier.labels import LABELS
from chartline.views.marking import LABEL_COLOURS, marked

CONTEXT = ("negated", "hypothetical", "family", "past")


def mention(begin: int, end: int, code: str = "I10", **context: bool) -> dict[str, Any]:
    return {
        **dict.fromkeys(CONTEXT, False),
        **{"begin": begin, "end": end, "vocabulary": "ICD10", "code": code},
        **context,
    }


def span(begin: int, end: int, line: int, page: int = 1) -> dict[str, int]:
    return {"begin": begin, "end": end, "page": page, "line": line}


class Shown(HTMLParser):
    """What a browser makes of it: the elements and the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_mention_is_marked_with_its_code_and_context() -> None:
    section = {"text": "pas d'HTA ce jour", "spans": [span(0, 17, 3, page=2)]}
    html = marked(section, [mention(6, 9, negated=True, past=True)])
    assert html == (
        '<span data-line="2-3">pas d&#x27;</span>'
        '<span data-line="2-3">'
        '<mark class="negated past" title="ICD10 I10 negated past">HTA</mark></span>'
        '<span data-line="2-3"> ce jour</span>'
    )


@pytest.mark.parametrize("name", CONTEXT)
def test_each_context_is_a_class(name: str) -> None:
    html = marked({"text": "HTA", "spans": []}, [mention(0, 3, **{name: True})])
    assert html == f'<mark class="{name}" title="ICD10 I10 {name}">HTA</mark>'


def test_a_mention_over_two_lines_is_marked_in_both() -> None:
    section = {"text": "une insuffisance cardiaque.", "spans": [span(0, 16, 0), span(17, 27, 1)]}
    html = marked(section, [mention(4, 26, "I50")])
    mark = '<mark class="" title="ICD10 I50">'
    assert html == (
        '<span data-line="1-0">une </span>'
        f'<span data-line="1-0">{mark}insuffisance</mark></span>'
        f"{mark} </mark>"
        f'<span data-line="1-1">{mark}cardiaque</mark></span>'
        '<span data-line="1-1">.</span>'
    )


def test_of_two_mentions_at_one_place_the_first_counts() -> None:
    html = marked({"text": "HTA", "spans": []}, [mention(0, 3, "I10"), mention(0, 3, "I15")])
    assert re.findall('title="(.*?)"', html) == ["ICD10 I10"]


@given(
    st.text("<>&'\"/ascriptxy =", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4),
    st.text("<>&'\"", max_size=4),
)
def test_no_text_of_a_patient_becomes_an_element(
    text: str, places: list[tuple[int, int]], code: str
) -> None:
    mentions = [mention(min(pair), max(pair), code) for pair in places]
    shown = Shown(str(marked({"text": text, "spans": [span(0, len(text) // 2, 0)]}, mentions)))
    assert shown.text == text
    assert set(shown.tags) <= {"mark", "span"}


def test_a_code_cannot_end_its_attribute() -> None:
    html = marked({"text": "HTA", "spans": []}, [mention(0, 3, '"><b>')])
    assert html == '<mark class="" title="ICD10 &quot;&gt;&lt;b&gt;">HTA</mark>'


def test_every_label_has_a_colour_of_its_own() -> None:
    assert set(LABEL_COLOURS) == set(LABELS)
    assert len(set(LABEL_COLOURS.values())) == len(LABELS)
