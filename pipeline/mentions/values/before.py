"""Values that stand before their name: `145 mmol/L de sodium`, `stade III de la NYHA`."""

import re

from chartline.mentions.values.amounts import amount_at
from chartline.mentions.values.fitting import fit, fits_unit
from chartline.mentions.values.making import made, score
from chartline.mentions.values.page import Measured, Name, Page
from chartline.mentions.values.scores import class_at
from chartline.mentions.values.writing import NUMBER

_REACH = 28  # characters from the number to the name
_OF = re.compile(r"\s(?:(?:of|de|di|do|da|von|van|an)\s|d')?\s?")
_OF_CLASS = re.compile(r"\s(?:(?:of the|of|de la|de|der|della|nach|van de|da)\s)?")


def before(page: Page, name: Name, free_from: int) -> list[Measured]:
    """The value before a name, where its unit fits and nothing but `of` stands between.

    Args:
        page: the page.
        name: a name without a value behind it.
        free_from: where the last value of another name ends.
    """
    start = max(free_from, name.begin - _REACH, page.line_of(name.begin)[0])
    for match in NUMBER.finditer(page.text, start, name.begin):
        if page.moment_at(match.start()):
            continue
        amount, _ = amount_at(page, name, match.start(), match.start(), match.end())
        if amount.unit is None or not fits_unit(name.codes, amount.unit.ucum):
            continue
        if _OF.fullmatch(page.folded, amount.end, name.begin) is None:
            continue
        found = fit(name.codes, amount.readings, amount.unit.ucum, page.language)
        if found is not None and not page.words.by.search(page.folded, start, match.start()):
            return [made(name, (match.start(), name.end), found, sure=True)]
    return _class_before(page, name, start)


def _class_before(page: Page, name: Name, start: int) -> list[Measured]:
    word = page.words.class_word.search(page.folded, start, name.begin)
    found = class_at(page, name, word.end()) if word else None
    if word is None or found is None or found.letter:
        return []
    if _OF_CLASS.fullmatch(page.folded, found.end, name.begin) is None:
        return []
    fitting = score(name.codes[0].code, found.values)
    return [made(name, (word.end(), name.end), fitting, sure=True)]
