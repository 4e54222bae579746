"""Lists of one's own terms: checked, of a language, first in rank, large."""

from pathlib import Path

import pytest

from chartline.core.errors import UsageError
from chartline.mentions.lookup import lookup
from chartline.mentions.own_terms import OwnTerm, OwnTerms, read_own_terms
from chartline.mentions.words import passage


def written(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["term,code,vocabulary,language", *rows, ""]), "utf-8")
    return path


def codes(text: str, language: str, own: OwnTerms) -> list[str]:
    return [one.span.code for one in lookup(passage(text, language), own.trie(language))]


def test_a_list_is_read_and_the_first_that_has_a_term_counts(tmp_path: Path) -> None:
    first = written(tmp_path / "a.csv", "Morbus Lund,7,LOCAL,de", "HTA,8,LOCAL,")
    second = written(tmp_path / "b.csv", "HTA,9,LOCAL,fr")
    own = read_own_terms(first, second)
    assert codes("Morbus Lund", "de", own) == ["7"]
    assert codes("Morbus Lund", "fr", own) == []
    assert codes("HTA", "fr", own) == ["8"]


def test_the_longest_term_counts_whosever_it_is() -> None:
    own = OwnTerms([OwnTerm("heart", "1", "LOCAL"), OwnTerm("heart failure clinic", "2", "LOCAL")])
    assert codes("heart failure", "en", own) == ["I50.9"]
    assert codes("heart failure clinic", "en", own) == ["2"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["a,1,V,fr", ",2,V,fr"], "row 3: no term (1 such rows)"),
        (["a,,V,fr"], "row 2: no code"),
        (["a,1,,fr"], "row 2: no vocabulary"),
        (["a,1,V,xx", "b,1,V,sv"], "row 2: the language is none of .* (2 such rows)"),
    ],
)
def test_a_wrong_row_is_one_line_without_its_term(
    tmp_path: Path, rows: list[str], message: str
) -> None:
    file = written(tmp_path / "a.csv", *rows)
    with pytest.raises(UsageError, match=message.replace("(", r"\(").replace(")", r"\)")) as error:
        read_own_terms(file)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"word;code\na;b\n", b"term,code\xff\xfe\x00", b""])
def test_another_file_is_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(UsageError, match=r"a\.csv: (no column \w+|cannot be read)"):
        read_own_terms(tmp_path / "a.csv")
    with pytest.raises(UsageError, match="cannot be read"):
        read_own_terms(tmp_path / "absent.csv")
