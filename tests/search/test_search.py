"""Search over real tables with a real index: what is found, in which order, which filters."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from views.tables import document, mention, section, stored

from chartline.core.errors import UsageError
from chartline.search import Filters, search
from chartline.store import Store

LETTERS = {
    "fr": "Patiente opérée pour une insuffisance cardiaque avec œdèmes.",
    "en": "The patient was admitted with bleedings and heart failure.",
    "de": "Die Patientin hat Ödeme und eine Herzinsuffizienz.",
    "es": "Paciente con lesiones e insuficiencia cardíaca.",
    "it": "Il paziente ha infezioni polmonari.",
    "nl": "De patiënt heeft ziekten van de longen.",
    "pt": "Doente com infecções e hipertensão.",
    "pl": "Pacjent przyjęty z powodu duszności.",
}
TIMES = {"fr": datetime(2021, 5, 6, 23, tzinfo=UTC), "en": datetime(2022, 1, 1, tzinfo=UTC)}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    documents = [
        document(name, path=f"{name}/a.pdf", language=name, written_at=TIMES.get(name))
        for name in LETTERS
    ]
    documents[0] |= {"patient_id": "7", "kind": "letter"}
    sections = [section(name, text, language=name) for name, text in LETTERS.items()]
    sections += [
        section("fr", "Rien.", 1, language="fr", kind="treatment", title="Cœur et traitement"),
        section("en", "failure " * 3 + "of the heart", 1, language="en", title=None),
        section("pl", "failure failures", 1, language=None, title=None),
    ]
    mentions = [
        mention("fr", 25, 47, code="I50.9", text="insuffisance cardiaque"),
        mention("en", 44, 57, code="I50.1", negated=True),
        mention("de", 34, 49, code="I50.0", family=True, hypothetical=True),
        mention("es", 13, 21, code="I51.0"),
        mention("it", 14, 23, vocabulary="ATC", code="C03CA01", kind="drug"),
    ]
    folder = tmp_path_factory.mktemp("parent") / "out"
    return stored(folder, documents=documents, sections=sections, mentions=mentions)


def found(store: Store, query: str, **filters: object) -> list[str]:
    """The documents and sections of the hits, the best first."""
    hits = search(store, query, Filters(**filters)).hits  # type: ignore[arg-type]
    return [f"{hit.document_id}{hit.section or ''}" for hit in hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("operees", ["fr"]),
        ("OEDEME opere", ["fr"]),
        ("bleed", ["en"]),
        ("odem", ["de"]),
        ("lesion cardiaca", ["es"]),
        ("infezione polmonare", ["it"]),
        ("ziekte long", ["nl"]),
        ("infeccao", ["pt"]),
        ("dusznosci", ["pl"]),
        ("duszność", []),
    ],
)
def test_words_of_seven_languages_and_exact_words_of_others(
    store: Store, query: str, expected: list[str]
) -> None:
    assert found(store, query) == expected


def test_a_stem_counts_in_its_own_language_only(store: Store) -> None:
    assert found(store, "failures", language="en") == ["en1", "en"]
    assert found(store, "failures", language="und") == ["pl1"]
    assert found(store, "patients", language="pl") == []


def test_all_words_must_be_there_and_those_left_out_must_not(store: Store) -> None:
    assert found(store, "paciente infezioni") == []
    assert found(store, "heart failure") == ["en1", "en"]
    assert found(store, "heart failure -admitted") == ["en1"]
    assert found(store, '"heart failure"') == ["en"]
    assert found(store, 'heart -"heart failures"') == ["en1"]


def test_titles_are_searched_but_no_phrase_leaves_them(store: Store) -> None:
    assert found(store, '"coeur et traitements"') == ["fr1"]
    assert found(store, '"traitement rien"') == []
    (hit,) = search(store, "traitement rien").hits
    assert (hit.title_highlights, hit.highlights) == ([(8, 18)], [(0, 4)])


def test_the_best_come_first_and_a_limit_says_how_many_there_are(store: Store) -> None:
    best = search(store, "failure", limit=1)
    assert [hit.document_id for hit in best.hits] == ["pl"]  # twice in the shortest section
    assert best.total == 3
    scores = [hit.score for hit in search(store, "failure").hits]
    assert scores == sorted(scores, reverse=True)


def test_codes_and_their_children_but_no_denied_ones(store: Store) -> None:
    assert found(store, "code:ICD10//I50") == ["fr"]
    assert found(store, "code:i50.9") == ["fr"]
    assert found(store, "code:I50.1") == []
    assert found(store, "code:I5") == []
    assert found(store, "code:ATC//C03") == ["it"]
    assert found(store, "code:ICD10//C03") == []
    assert sorted(found(store, "code:I50", include=frozenset({"negated"}))) == ["en", "fr"]
    assert found(store, "code:I50", include=frozenset({"family"})) == ["fr"]
    everything = frozenset({"negated", "hypothetical", "family"})
    assert sorted(found(store, "code:I50", include=everything)) == ["de", "en", "fr"]
    assert found(store, "cardiaca -code:I51") == []


def test_a_code_is_highlighted_where_it_is_mentioned(store: Store) -> None:
    (hit,) = search(store, "code:I50 patient").hits
    assert [hit.text[begin:end] for begin, end in hit.highlights] == [
        "Patiente",
        "insuffisance cardiaque",
    ]


def test_filters(store: Store) -> None:
    everywhere = found(store, "patient")
    assert found(store, "patient", patient="7") == ["fr"]
    assert found(store, "patient", document_kind="letter") == ["fr"]
    assert found(store, "rien", kind="history") == []
    assert found(store, "rien", kind="treatment") == ["fr1"]
    assert found(store, "patient", path="en") == ["en"]
    assert found(store, "patient", path="en/a.pdf") == ["en"]
    assert found(store, "patient", path="e") == []
    assert found(store, "patient", since=date(2021, 5, 6), until=date(2021, 5, 6)) == ["fr"]
    assert sorted(found(store, "patient", since=date(2021, 5, 6))) == ["en", "fr"]
    assert found(store, "patient", until=date(2021, 5, 5)) == []
    assert {"fr", "en", "nl"} <= set(everywhere)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"kind": "histroy"}, "did you mean history?"),
        ({"language": "sv"}, "there are de, en, es, fr, it, nl, pl, pt, und"),
        ({"include": frozenset({"past"})}, "past is none of negated, hypothetical, family"),
        ({"since": date(2022, 1, 2), "until": date(2022, 1, 1)}, "since is after until"),
    ],
)
def test_filters_that_cannot_be_met_are_said(
    store: Store, filters: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError) as raised:
        found(store, "patient", **filters)
    assert message in str(raised.value)


def test_the_page_is_that_of_the_first_highlight(tmp_path: Path) -> None:
    spans = [
        {"begin": 0, "end": 5, "page": 1, "line": 0},
        {"begin": 6, "end": 11, "page": 2, "line": 0},
        {"begin": 12, "end": 17, "page": 2, "line": 1},
    ]
    rows = [section("a", "alpha gamma delta", last_page=2, spans=spans)]
    store = stored(tmp_path, documents=[document("a")], sections=rows)
    pages = [
        search(store, word).hits[0].page for word in ("alpha", "gamma", "delta", "antécédents")
    ]
    assert pages == [1, 2, 2, 1]


def test_a_folder_without_sections_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no sections yet; `chartline run"):
        search(Store(tmp_path / "a"), "patient")
    empty = stored(tmp_path / "b", documents=[document("a")], sections=[], mentions=[])
    with pytest.raises(UsageError, match="no document has a section"):
        search(empty, "patient")
    assert (
        search(
            stored(tmp_path / "c", documents=[document("a")], sections=[section("a", "mal")]), "mal"
        ).total
        == 1
    )
