"""Patterns of what stands in a regimen, made from the words of a language."""

import re
from functools import cache
from typing import Any, NamedTuple

from chartline.core.lexicons import lexicon
from chartline.mentions.regimens.numbers import FRACTIONS, NUMBER
from chartline.mentions.words import passage

UNITS = {
    "mg": "mg|milligrammes|milligramme|milligrams|milligram|miligramos|miligramas|milligrammi",
    "g": "g|gr|gramm|grammes|gramme|gram|grams|gramos|gramas|grammi",
    "ug": "μg|mcg|ug|microg|microgrammes|micrograms|mikrogramm|microgrammi|microgramos|microgramas",
    "ng": "ng",
    "[IU]": "ui|iu|ie|i.e.|i.u.|u.i.|units|unit|unites|unite|einheiten|unidades|unidad|unita"
    "|eenheden|eh|e|u",
    "mL": "ml|cc|milliliter|millilitres",
    "mmol": "mmol",
    "meq": "meq",
    "%": "%",
}
TIMES_OF_DAY = ("morning", "noon", "evening", "bedtime")
_ARTICLES = (
    "le|la|au|am|a|al|alla|por|de|da|di|in|the|at|pela|ao|zur|zum|'s|every|each|per|op|om|"
    "jeden|chaque|ogni|cada|elke|avant|vor|dem|el|il|en|os|vor|do|antes|before|with|bei"
)
_PARTS_OF_SCHEDULE = rf"(?:[1-3]/[2-4](?!/)|\d?[{''.join(FRACTIONS)}]|\d{{1,3}}(?:[.,]\d)?)"


class Patterns(NamedTuple):
    """The patterns of a language, over folded text.

    Attributes:
        digits: what begins with a digit or a sign.
        words: what begins with a letter.
        before: what may stand between a dose and the drug behind it, such as `of`.
        openers: the first words of what `words` matches.
        numbers, forms, units, routes, times, phrases: what the words mean.
        day, week, month: their nouns and adverbs, to tell periods apart.
    """

    digits: re.Pattern[str]
    words: re.Pattern[str]
    before: re.Pattern[str]
    openers: frozenset[str]
    numbers: dict[str, float]
    forms: dict[str, str]
    units: dict[str, str]
    routes: dict[str, str]
    times: dict[str, str]
    phrases: dict[str, float]
    periods: dict[str, float]


DAYS = {"day": 1.0, "week": 7.0, "month": 30.0}


@cache
def patterns(language: str) -> Patterns:
    """The patterns of a language, compiled once in each process."""
    everywhere = lexicon("chartline.mentions.regimens", "words")
    words, common = everywhere[language], everywhere["common"]
    values = [0.5, *range(1, 11)]
    numbers = {
        word: float(value)
        for listed, value in zip(words["numbers"], values, strict=True)
        for word in listed.split("|")
    }
    forms = _meanings(common["form"], words["form"])
    routes = _meanings(common["route"], words["route"])
    units = _meanings(UNITS)
    times = _meanings({name: words[name] for name in TIMES_OF_DAY})
    periods = {word: days for name, days in DAYS.items() for word in words[name].split("|")}
    periods |= dict.fromkeys(words["daily"].split("|"), 1.0)
    periods |= dict.fromkeys(words["weekly"].split("|"), 7.0)
    phrases = {
        word: value for listed, value in words["phrases"].items() for word in listed.split("|")
    }
    parts = _parts(words, common, numbers, forms, units, times, phrases, routes)
    worded = _alternatives(parts, _WORDED)
    openers = {passage(word, language).words[0] for word in parts["_openers"].split("|") if word}
    return Patterns(
        digits=re.compile(_alternatives(parts, _DIGITS)),
        words=re.compile(worded),
        before=re.compile(rf"[\s:]*(?:(?:{parts['of']})\s*)?(?:d')?[\s(]*"),
        openers=frozenset(openers),
        numbers=numbers,
        forms=forms,
        units=units,
        routes=routes,
        times=times,
        phrases=phrases,
        periods=periods,
    )


def _parts(words: dict[str, Any], common: dict[str, Any], *tables: Any) -> dict[str, str]:
    """The pieces that the alternatives are put together from."""
    numbers, forms, units, times, phrases, routes = tables
    periods = "|".join(words[name] for name in ("day", "week", "month"))
    adverbs = f"{words['daily']}|{words['weekly']}"
    nouns = [word for word in periods.split("|") if not word[0].isdigit()]
    needed = f"{common['as_needed']}|{words['as_needed']}"
    listed = {
        "form": forms,
        "unit": units,
        "time": times,
        "phrase": phrases,
        "route": routes,
        "needed": needed.split("|"),
        "period": periods.split("|"),
        "adverb": adverbs.split("|"),
        "noun": nouns,
        "times": [*words["times"].split("|"), "×"],
        "per": words["per"].split("|"),
        "hour": words["hour"].split("|"),
        "hourly": [word for word in words["hourly"].split("|") if word] or ["hourly"],
        "worded_number": numbers,
    }
    for name in ("every", "for", "since", "max", "of", "become", "instead", "range"):
        listed[name] = words[name].split("|")
    parts = {name: any_of(listed[name]) for name in listed}
    parts["from"], parts["to"] = (re.escape(word) for word in words["from_to"])
    parts["split_in"], parts["split_doses"] = (any_of(one.split("|")) for one in words["split"])
    parts["n"] = NUMBER
    parts["nw"] = rf"(?:{NUMBER}|(?:{parts['worded_number']})(?!\w))"
    parts["q"] = _PARTS_OF_SCHEDULE
    parts["articles"] = _ARTICLES
    opening = (
        "needed adverb phrase route time every for since max become instead worded_number".split()
    )
    heads = [word for name in opening for word in listed[name]]
    heads += [words["from_to"][0], *words["split"][0].split("|"), "q"]
    parts["_openers"] = "|".join(heads)
    return parts


def any_of(words: Any) -> str:
    """A pattern for any of some words, the longest first."""
    ordered = sorted(map(str, words), key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


def _meanings(*tables: dict[str, str]) -> dict[str, str]:
    return {
        word: meaning
        for table in tables
        for meaning, listed in table.items()
        for word in listed.split("|")
    }


# Each alternative of what begins with a digit, in the order in which they are tried.
_DIGITS = {
    # 1-0-1, 1/2 - 0 - 1/2, cells of a table; no dates, whose days and months begin with 0.
    "schedule": r"(?<![\d.,/-])(?P<parts>@q@(?:(?:\s*-\s*@q@){2,3}|(?:\+@q@){2,3}|(?:\t+@q@){2,3}"
    r"|(?:\s?/\s?\d(?![\d.,])){2,3}|(?: \d(?![\d.,])){2,3}))(?![\d/-]|[.,]\d)"
    r"(?:\s*-?\s*(?:(?P<s_unit>@unit@)|(?P<s_form>@form@))(?![^\W_]))?",
    # 100 IU/mL, 250 mg/5 mL: how strong a liquid is; mg/dL and the like are laboratory values.
    "strong": r"@n@\s*(?P<c_unit>@unit@)\s*/\s*(?:@n@\s*)?(?:ml|dl|l|kg)(?!\w)|@n@\s*%",
    "amount": r"(?P<a>@n@)(?P<a_range>\s*(?:-|@range@)\s*@n@)?(?:\s*/\s*@n@)?\s*"
    r"(?P<a_unit>@unit@)(?![^\W_])(?:\s*/\s*@n@\s*(?:@unit@)(?![^\W_]))?"
    r"(?:\s*(?:(?P<a_hour>/\s*(?:@hour@)(?![^\W_]))"
    r"|(?P<a_period>(?:@per@)\s*(?:@period@)|(?:@adverb@))(?![^\W_]|\s+altern)))?",
    "every": r"(?P<e>\d+)\s?(?:/|em)\s?(?P=e)\s*(?:@hour@)(?!\w)"
    r"|/\s*(?P<e2>\d+)\s*(?:@hour@)(?!\w)|(?P<e3>\d+)\s*-?\s*(?:@hourly@)(?!\w)",
    "phrase": r"(?P<p>@phrase@)(?!\w)",
    "freq": r"(?P<f>@n@)(?P<f_range>\s*(?:-|@range@)\s*@nw@)?\s*-?(?:@times@)(?![^\W\d_])"
    r"(?:\s*(?:(?:@per@)?\s*(?P<f_period>@period@|@adverb@)(?!\w)"
    r"|(?P<f_count>@n@)(?![\d.,/]|\s*(?:@unit@|@form@|@times@|@period@)(?![^\W\d_]))))?",
    "count": r"(?P<c>@n@)(?P<c_range>\s*(?:-|@range@)\s*@n@)?\s*-?(?P<c_form>@form@)(?!\w)"
    r"(?:\s*(?P<c_period>(?:@per@)\s*(?:@period@)|(?:@adverb@))(?!\w))?",
    "duration": r"(?P<d>@n@)\s*-?(?P<d_unit>@noun@)(?!\w|\s+(?:sur|out of|von|su|de)\s+\d)",
    "bare": r"(?P<b>@n@)\s*(?:(?=(?:(?:@articles@)\s+){0,2}(?:@time@)(?!\w))"
    r"|(?P<b_period>/\s*(?:@period@)(?!\w)))",
    "per_day": r"/\s*(?P<o_period>@period@)(?!\w)",
    "crosses": r"×\s*(?P<x2>\d+)(?![.,]?\d)(?:\s*(?:@per@)?\s*(?P<x2_period>@period@)(?!\w))?",
}
_WORDED = {
    "needed": r"(?P<n_>@needed@)(?!\w)",
    "split": r"(?:@split_in@)\s*(?P<s>@nw@)\s*(?:@split_doses@)(?!\w)",
    "limit": r"(?:@max@)\s*:?\s*@nw@\s*(?:(?:@times@)\s*\d?(?!\d)|@unit@|@form@)?\s*"
    r"(?:(?:@per@)?\s*(?:@period@|@adverb@))?(?!\w)",
    "former": r"(?:@instead@)\s*:?\s*@nw@\s*(?:@unit@|@form@)(?:\s*/\s*(?:@period@))?(?!\w)",
    "become": r"(?P<become_>@become@)(?!\w)",
    "change": r"@from@\s+@n@\s*(?:@unit@)?\s+@to@\s+(?=@n@\s*(?:@unit@)(?!\w))",
    "duration": r"(?:@for@)\s*(?P<d>@nw@)(?P<d_range>\s*(?:-|@range@)\s*@nw@)?"
    r"\s*(?P<d_unit>@noun@)(?!\w)",
    "every": r"(?:@every@|q)\s*(?P<e>@nw@)(?P<e_range>\s*(?:-|@range@)\s*@nw@)?\s*"
    r"(?P<e_unit>@hour@|@period@)(?!\w)",
    "past": r"(?:@since@)\s*@nw@\s*(?:@noun@)(?!\w)",
    "freq": r"(?P<f>(?:@worded_number@)(?!\w))\s*(?:@times@)(?!\w)"
    r"(?:\s*(?:@per@)?\s*(?P<f_period>@period@|@adverb@)(?!\w))?"
    r"|(?P<f2>(?:@worded_number@)(?!\w))\s*(?P<f2_period>@adverb@)(?!\w)",
    "count": r"(?P<c>(?:@worded_number@)(?!\w))\s*(?P<c_form>@form@)(?!\w)"
    r"(?:\s*(?P<c_period>(?:@per@)\s*(?:@period@)|(?:@adverb@))(?!\w))?",
    "phrase": r"(?P<p>@phrase@)(?!\w)",
    "crosses": r"x\s*(?P<x>\d+)(?![.,]?\d)(?:\s*(?:@per@)?\s*(?P<x_period>@period@|@adverb@)"
    r"(?!\w))?",
    "bare": r"(?P<b>(?:@worded_number@)(?!\w))\s+"
    r"(?=(?:(?:@articles@)\s+){0,2}(?:@time@)(?!\w))",
    "time": r"(?P<t>@time@)(?!\w)(?:\s*:?\s*(?P<t_count>@n@)(?![\d/-]|[.,]\d|\s*(?:-|"
    r"(?:(?:@articles@)\s+){0,2}(?:@time@|@unit@|@form@|@times@|@noun@)(?![^\W\d_]))))?",
    "route": r"(?P<r>@route@)(?!\w)",
}


def _alternatives(parts: dict[str, str], listed: dict[str, str]) -> str:
    filled = []
    for name, pattern in listed.items():
        for part, piece in parts.items():
            pattern = pattern.replace(f"@{part}@", piece)
        filled.append(f"(?P<{name}>{pattern})")
    return "|".join(filled)
