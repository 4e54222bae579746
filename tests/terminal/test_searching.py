"""`chartline search` as a user meets it: lines, JSON, and one line for what is wrong."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result
from views.tables import document, mention, section, stored

from chartline.terminal.commands import app


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parent") / "out"
    text = "Patiente admise pour\nun tableau\td'œdèmes [bold] et de dyspnée. " + "Rien. " * 50
    spans = [{"begin": 0, "end": len(text), "page": 3, "line": 0}]
    stored(
        folder,
        documents=[document("a", path="2021/a.pdf"), document("b")],
        sections=[
            section("a", text, language="fr", first_page=3, title="Œdème", spans=spans),
            section("b", "Pas d'œdème.", language="fr", title=None),
        ],
        mentions=[mention("b", 6, 11, code="R60.9", negated=True)],
    )
    return folder


def look_up(out: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["search", str(out), *arguments])


def test_a_line_a_hit_with_the_words_marked(out: Path) -> None:
    result = look_up(out, "oedeme dyspnee")
    assert result.exit_code == 0
    first, last = result.stdout.splitlines()
    assert first.startswith(
        "2021/a.pdf, p. 3, *Œdème*: Patiente admise pour un tableau d'*œdèmes* [bold] et de "
        "*dyspnée*. Rien. "
    )
    assert first.endswith("…")
    assert last == "1 section found"


def test_a_section_without_title_is_named_by_its_kind_and_n_limits(out: Path) -> None:
    result = look_up(out, "oedeme", "-n", "1")
    assert result.stdout.splitlines() == [
        "b.pdf, p. 1, history: Pas d'*œdème*.",
        "2 sections found; the best 1 shown",
    ]


def test_json_has_the_places_of_what_was_found(out: Path) -> None:
    result = look_up(out, "code:R60", "--include", "negated", "--json")
    answer = json.loads(result.stdout)
    assert answer["total"] == 1
    (hit,) = answer["hits"]
    assert (hit["path"], hit["page"], hit["section"]) == ("b.pdf", 1, 0)
    assert hit["highlights"] == [{"begin": 6, "end": 11}]
    assert hit["text"][6:11] == "œdème"
    assert json.loads(look_up(out, "zzz", "--json").stdout) == {"total": 0, "hits": []}


def test_no_hit_is_said_and_no_fault(out: Path) -> None:
    for arguments in (["zzz"], ["code:R60"], ["oedeme", "--since", "2021-05-06"]):
        result = look_up(out, *arguments)
        assert (result.exit_code, result.stdout) == (0, "no section found\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (['"Zyxwor'], "query: a quotation mark is not closed"),
        (["Zyxwor", "--kind", "histori"], "kind: no section here has 'histori'; did you mean hist"),
        (["Zyxwor", "-n", "0"], "from 1 to 10000 hits"),
        (["Zyxwor", "--include", "past"], "past is none of negated, hypothetical, family"),
    ],
)
def test_what_is_wrong_is_one_line_without_the_query(
    out: Path, arguments: list[str], message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert look_up(out, *arguments).exit_code == 2
    said = capfd.readouterr().err
    assert message in said
    assert "Zyxwor" not in said
    assert len(said.splitlines()) == 1


def test_a_folder_without_sections_is_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for folder, message in ((tmp_path, "no sections yet"), (tmp_path / "a", "no such folder")):
        assert look_up(folder, "patient").exit_code == 2
        said = capfd.readouterr().err
        assert message in said
        assert len(said.splitlines()) == 1
