"""Codes as they are indexed: under themselves and all codes above them, by what is said of them.

Only vocabularies whose codes spell out their own hierarchy have codes above: ICD and ATC.
"""

from itertools import product

STATES = ("negated", "hypothetical", "family")  # columns of mentions, left out unless asked for
_ATC_LEVELS = (1, 3, 4, 5, 7)  # characters of the five levels of an ATC code
_ICD_CATEGORY = 3  # characters of the shortest ICD code; chapters and blocks are ranges
_SHORTEST = {"ICD9PROC": 2}  # volume 3 of ICD-9-CM has categories of two digits


def key(code: str) -> str:
    """A code as it is compared: in capitals, ICD's and other points left out.

    >>> key("icd10//i50.9"), key("I50")
    ('ICD10//I509', 'I50')
    """
    return code.upper().replace(".", "")


def keys(vocabulary: str, code: str) -> list[str]:
    """The keys under which a mention is found: its code and those above, each also alone.

    >>> keys("ATC", "C03CA01")[:5]
    ['C03CA01', 'C03CA', 'C03C', 'C03', 'C']
    >>> keys("ICD10", "I50.9")
    ['I509', 'I50', 'ICD10//I509', 'ICD10//I50']
    """
    book, whole = vocabulary.upper(), key(code)
    sizes = {len(whole)}
    if book.startswith("ICD"):
        sizes |= set(range(_SHORTEST.get(book, _ICD_CATEGORY), len(whole)))
    elif book == "ATC":
        sizes |= {size for size in _ATC_LEVELS if size < len(whole)}
    parts = [whole[:size] for size in sorted(sizes, reverse=True)]
    return [*parts, *(f"{book}//{part}" for part in parts)]


def state(negated: bool, hypothetical: bool, family: bool) -> str:
    """What is said of a mention, in one digit.

    >>> state(False, False, False), state(True, False, True)
    ('0', '5')
    """
    return str(negated + 2 * hypothetical + 4 * family)


def states(included: frozenset[str]) -> list[str]:
    """The states that a search accepts: facts, and those with properties among `included`.

    >>> states(frozenset({"negated", "family"}))
    ['0', '4', '1', '5']
    """
    choices = [(False, True) if name in included else (False,) for name in STATES]
    return [state(*chosen) for chosen in product(*choices)]
