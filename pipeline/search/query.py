"""What a person types, as clauses. A query may name patients: no message repeats it."""

import re
import unicodedata
from dataclasses import dataclass

from chartline.core.errors import UsageError
from chartline.search import codes
from chartline.search.words import words

_MOST_CLAUSES = 100  # a page pasted into the query would be looked up for seconds
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))
_CLAUSE = re.compile(
    r"""(?P<excluded>-?)
    (?: "(?P<phrase>[^"]*)"
      | (?i:code):"?(?P<code>[^\s"]*)"?
      | (?P<word>[^\s"]+) )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Clause:
    """A part of a query; a section is a hit where all hold.

    Attributes:
        words: one word, or a phrase's words in order; empty for a code.
        code: the key of a code (see `codes.key`); empty for words.
        excluded: the section must not hold it.
    """

    words: tuple[str, ...]
    code: str = ""
    excluded: bool = False


def clauses(query: str) -> list[Clause]:
    """The clauses of a query.

    `words`, `"a phrase"`, `code:ICD10//I50`, each with `-` before it to exclude it. A word with a
    mark inside, such as `beta-blocker` or `12,5`, is a phrase. Other marks mean nothing.

    Raises:
        UsageError: there is nothing to look for, a quotation mark or a code is missing, or the
            query is too long.

    >>> [clause.words for clause in clauses('dyspnea "heart failure" -oedema')]
    [('dyspnea',), ('heart', 'failure'), ('oedema',)]
    """
    text = unicodedata.normalize("NFC", query).translate(_QUOTES)
    if text.count('"') % 2:
        raise UsageError("query: a quotation mark is not closed")
    found = [_clause(match) for match in _CLAUSE.finditer(text)]
    found = [clause for clause in found if clause.words or clause.code]
    if len(found) > _MOST_CLAUSES:
        raise UsageError(f"query: at most {_MOST_CLAUSES} words, phrases and codes")
    if all(clause.excluded for clause in found):
        raise UsageError("query: a word, a phrase or a code to look for is needed")
    return found


def _clause(match: re.Match[str]) -> Clause:
    excluded = bool(match["excluded"])
    if match["code"] is None:
        return Clause(tuple(words(match["phrase"] or match["word"] or "")), "", excluded)
    if not words(match["code"]):
        raise UsageError("query: a code is needed after code:, such as code:ICD10//I50")
    return Clause((), codes.key(match["code"]), excluded)
