"""Invented clinical language: names, dates and sentences, drawn from phrase banks.

The banks are in `phrases/`, a file for each language; part of each is kept for the test split.
"""

import random
import re
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

Split = Literal["train", "test"]
LANGUAGES = ("fr", "en", "de", "es", "it", "nl")
UNSEEN = ("pt",)  # no training page is in this language

_SHORT = (  # lists of short phrases, which may take each other's place
    "titles",
    "items",
    "short_bodies",
    "front",
    "letterhead",
    "running",
    "roles",
    "document_titles",
    "departments",
    "frequencies",
    "signature_words",
    "footer",
)
_STRAY = 0.08  # share of short phrases that are taken from another list, where the writer does so
_SLOT = re.compile(r"\{(\w+)\}")
_SYLLABLES = (
    "ba be bi bo ca ce co da de di do fa fe fi ga ge la le li lo ma me mi mo na ne no pa pe pi po "
    "ra re ri ro sa se si so ta te ti to va ve vi"
).split()
_FIRST = (
    "Karla Jürgen Heike Ramón Pilar Íñigo Chiara Renzo Sanne Joost Anne Bruno Chloé Daniel Elsa "
    "Farid Gaëlle Hugo Inès Jules Karim Lucie Marc Nadia Olivier Paula Quentin Rosa Simon Tessa "
    "Ursula Victor Wanda Yves Zoé Edith Arthur Mabel Harold Nora"
).split()
_LAST = (
    "Martellin Dubray Leforgeois Pernodel Vasseron Costalin Fabrevin Guilloteau Harcanel Jossic "
    "Keravel Lambrequin Montfaucin Noyelle Ostrevant Pellegrue Quillard Rocquebert Sauvelin "
    "Tardivel Urbanet Verrault Whitlow Ashdene Barrowby Colcott Dunmarsh Ellingham Fairholt "
    "Garside Hathersey Inglewood Kettering Langstrom Merriden Norcott Achterberg Bruggeman "
    "Dornheim Eschenbach Finkelau Grotewold Hasselhof Immelmann Valverde Quintanar Robledillo "
    "Saldaña Belmonte Castellani Ferrabosco Montanelli Zuccarello Veldkamp Oosterling Ramalho "
    "Figueiral"
).split()
_LISTS = {  # the phrase list that fills a slot
    "symptom": "symptoms",
    "condition": "conditions",
    "condition_art": "conditions",
    "drug": "drugs",
    "procedure": "procedures",
    "finding": "findings",
    "street": "streets",
    "role": "roles",
    "doctitle": "document_titles",
}


@cache
def bank(language: str) -> dict[str, Any]:
    """The phrase bank of a language: lists of phrases by name."""
    file = resources.files(__package__) / "phrases" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8"))


def held_out(options: list[Any], split: Split | None) -> list[Any]:
    """The options that a split may use: every fourth is only for testing; all where None."""
    if split is None or len(options) < 4:
        return options
    return [option for index, option in enumerate(options) if (index % 4 == 3) == (split == "test")]


@dataclass
class Writer:
    """Writes invented text in one language, about one invented patient and hospital.

    Attributes:
        rng: The source of random numbers.
        language: Two letters.
        split: Whose phrases are used; all where None.
        scramble: Share of the longer words that are replaced by invented ones.
        plain: Without accents, as old systems print.
        stray: Some short phrases are taken from another list than the right one. This and
            `scramble` keep a model from learning the phrases.
    """

    rng: random.Random
    language: str = "fr"
    split: Split | None = None
    scramble: float = 0.0
    plain: bool = False
    stray: bool = False

    def __post_init__(self) -> None:
        self.bank = bank(self.language)
        self.first, self.last = self.rng.choice(_FIRST), self.rng.choice(_LAST)
        self.hospital = self.pick("hospitals")
        self.department = self.pick("departments")
        self.town = self.pick("towns")
        self.birth = self.date(1930, 1995)
        self.patient_id = str(self.rng.randint(10**6, 10**8))
        self._words: dict[str, str] = {}
        self._date_form = self.rng.randrange(4)

    def pick(self, name: str) -> Any:
        """One option of a list; all are allowed in a language that is only for testing."""
        split = None if self.language in UNSEEN else self.split
        return self.rng.choice(held_out(self.bank[name], split))

    def line(self, name: str) -> str:
        """One phrase of a list, with its slots filled and its words mixed."""
        if self.stray and name in _SHORT and self.rng.random() < _STRAY:
            name = self.rng.choice(_SHORT)
        return self.mix(self.fill(self.pick(name)))

    def lines(self, name: str, low: int, high: int) -> list[str]:
        """From `low` to `high` phrases of a list."""
        return [self.line(name) for _ in range(self.rng.randint(low, high))]

    def fill(self, template: str) -> str:
        """A template with its `{slots}` filled."""
        return _SLOT.sub(lambda match: self._slot(match.group(1)), template)

    def mix(self, text: str) -> str:
        """A text as this writer prints it: accents and words may be replaced."""
        if self.plain:
            text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        if not self.scramble:
            return text
        return re.sub(r"[^\W\d_]{4,}", lambda match: self._mixed(match.group(0)), text)

    def _mixed(self, word: str) -> str:
        """The word, or an invented one that takes its place in the whole document."""
        if word not in self._words:
            invented = "".join(self.rng.choice(_SYLLABLES) for _ in range(max(2, len(word) // 2)))
            invented += self.rng.choice(["", "", "s", "n", "r", "t"])
            shaped = (
                invented.upper()
                if word.isupper()
                else invented.capitalize()
                if word[0].isupper()
                else invented
            )
            self._words[word] = shaped if self.rng.random() < self.scramble else word
        return self._words[word]

    def paragraph(self, sentences: int) -> str:
        """A paragraph of so many sentences."""
        return " ".join(self.line("sentences") for _ in range(sentences))

    def doctor(self) -> str:
        """A doctor's name, mostly with a title."""
        rng = self.rng
        first, last = rng.choice(_FIRST), rng.choice(_LAST)
        first = rng.choice([first, first[0] + ".", first])
        last = rng.choice(
            [last.upper(), last, last.upper(), f"{last.upper()}-{rng.choice(_LAST).upper()}"]
        )
        name = rng.choice([f"{first} {last}", f"{last} {first}", last, f"{first} {last}"])
        return name if rng.random() < 0.1 else f"{rng.choice(self.bank['doctor_prefixes'])} {name}"

    def date(self, low: int = 2015, high: int = 2025) -> str:
        """A date between two years, in this writer's form."""
        rng = self.rng
        day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(low, high)
        match getattr(self, "_date_form", 0):
            case 1:
                return f"{day} {self.bank['months'][month - 1]} {year}"
            case 2:
                return f"{day:02d}-{month:02d}-{year}"
            case 3:
                return f"{day:02d}.{month:02d}.{year}"
            case _:
                return f"{day:02d}/{month:02d}/{year}"

    def phone(self) -> str:
        """A telephone number."""
        pairs = [f"{self.rng.randint(0, 99):02d}" for _ in range(5)]
        return self.rng.choice([" ", " ", ".", "-", ""]).join(pairs)

    def _slot(self, name: str) -> str:
        """What fills a slot; `NAME_cap` is `NAME` with a capital."""
        if name.endswith("_cap"):
            text = self._slot(name[:-4])
            return text[:1].upper() + text[1:]
        if name in _LISTS:
            return self.fill(str(self.pick(_LISTS[name])))
        known = self._person()
        return known[name] if name in known else _NUMBERS[name](self)

    def _person(self) -> dict[str, str]:
        """What is the same throughout a document."""
        return {
            "name": self.last,
            "last": self.last,
            "NAME": self.last.upper(),
            "first": self.first,
            "birth": self.birth,
            "town": self.town,
            "hospital": str(self.hospital),
            "department": str(self.department),
            "site": re.sub(r"[^a-z]+", "-", self.hospital.lower()).strip("-"),
        }


def _number(low: int, high: int) -> Callable[[Writer], str]:
    return lambda writer: str(writer.rng.randint(low, high))


_NUMBERS: dict[str, Callable[[Writer], str]] = {  # what differs each time
    "date": Writer.date,
    "doctor": Writer.doctor,
    "phone": Writer.phone,
    "digits": _number(10**3, 10**9),
    "age": _number(25, 95),
    "n": _number(2, 12),
    "num": _number(40, 320),
    "year": _number(1985, 2024),
    "zip": _number(10000, 99999),
    "dec": lambda writer: f"{writer.rng.randint(7, 16)}.{writer.rng.randint(0, 9)}",
    "dose": lambda writer: f"{writer.rng.choice([1, 2.5, 5, 10, 20, 40, 80, 500, 1000])} mg",
    "time": lambda writer: f"{writer.rng.randint(0, 23):02d}:{writer.rng.randint(0, 59):02d}",
}
