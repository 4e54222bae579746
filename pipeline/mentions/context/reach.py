"""How far a cue reaches, and whether it reaches a term."""

from dataclasses import dataclass

from chartline.mentions.context.cues import (
    ADJECTIVE,
    AFTER,
    BEFORE,
    CLAUSE,
    CONDITION,
    ENDS,
    Cue,
    Words,
)
from chartline.mentions.words import Passage

STATUSES = ("allergy", "stopped", "changed", "started")
_FORWARD = (BEFORE, ADJECTIVE, CONDITION)
# How many words a cue reaches at most, by its meaning and side. Set by hand: a negation opens long
# lists, an adjective speaks of one thing, a verb at a sentence's end may be far from its subject.
_LIMITS = {
    ("negated", BEFORE): 25,
    ("negated", AFTER): 8,
    ("excluded", BEFORE): 25,
    ("excluded", AFTER): 10,
    ("affirmed", AFTER): 10,
    ("hypothetical", BEFORE): 15,
    ("hypothetical", AFTER): 8,
    ("hypothetical", CONDITION): 25,
    ("family", BEFORE): 25,
    ("family", AFTER): 4,
    ("past", BEFORE): 15,
    ("past", AFTER): 6,
    ("no_fact", BEFORE): 8,
    ("no_fact", AFTER): 0,
    ("allergy", BEFORE): 25,
}
_LIMIT_OF_STATUS = 8
_LIMITS_OF_ADJECTIVES = {"negated": 5, "no_fact": 0}  # others reach as many as this:
_LIMIT_OF_ADJECTIVE = 3
_NEAR = 2  # words: a cue so near before a term speaks of that, not of the one before the cue
_LIMIT_OF_PERSON = 3  # words between a term and the person who has it: `stroke in his old father`
_MARKS_OF_LISTS = frozenset(",/&+-'")
_INSIDE_WORDS = frozenset("-'")
_BREAKS = frozenset(",;")


@dataclass(frozen=True)
class Scene:
    """A sentence with its terms and cues.

    Attributes:
        given: the passage that it stands in.
        lists: the word lists of the language.
        begin: the sentence's first word.
        end: the word after its last.
        taken: the first and the last word of each of its terms.
        kinds: what sort of thing each term is.
        cues: from left to right.
        inside: all words of terms.
    """

    given: Passage
    lists: Words
    begin: int
    end: int
    taken: list[tuple[int, int]]
    kinds: list[str]
    cues: list[Cue]
    inside: frozenset[int]

    def ended(self, begin: int, end: int, meaning: str) -> bool:
        """Whether words between two places end the reach of a meaning.

        A father's illness ends where the patient is named; other meanings at a contrast or a new
        statement, `no fever, presents with cough`. A verb that directly follows its negation is no
        new statement: `never presented with cough`.
        """
        return begin < end and any(
            cue.meaning == ENDS and begin <= cue.begin < end and self._ends(cue, begin, meaning)
            for cue in self.cues
        )

    def _ends(self, cue: Cue, begin: int, meaning: str) -> bool:
        if meaning == "family" or cue.side == "patient":
            # `the mother of the patient` is a person still
            return (
                meaning == "family"
                and cue.side == "patient"
                and (cue.begin - begin > 1 or bool(self.commas(begin, cue.begin)))
            )
        if cue.side == "swap":
            return meaning == "stopped"
        return cue.side == "contrast" or any(
            n in self.inside or self.given.words[n] in _BREAKS for n in range(begin, cue.begin + 1)
        )

    def commas(self, begin: int, end: int) -> list[int]:
        """The places of commas between two words."""
        return [n for n in range(begin, end) if self.given.words[n] in _BREAKS]

    def joins(self, number: int) -> bool:
        """Whether a word joins the items of a list; the Italian `è` does not, as `e` does."""
        word = self.given.words[number]
        return word in self.lists.joins and self.given.text[self.given.begins[number]] not in "éèÉÈ"

    def negated_before(self, at: int, words: int) -> bool:
        """Whether a negator stands within some words before a place, in the same clause."""
        for number in range(at - 1, max(self.begin, at - words) - 1, -1):
            if number in self.inside or self.given.words[number] in _BREAKS:
                return False
            if self.given.words[number] in self.lists.negators:
                return True
        return False


def distance(scene: Scene, cue: Cue, number: int) -> int | None:
    """The words between a cue and a term that it reaches; None for a term that it does not reach.

    Args:
        scene: the sentence of both.
        cue: the cue.
        number: which of the sentence's terms.
    """
    first, last = scene.taken[number]
    if cue.meaning == "excluded" and scene.kinds[number] == "procedure":
        return None  # an examination excludes, and is not excluded
    if cue.side in _FORWARD and cue.end <= first:
        return _forward(scene, cue, number)
    if cue.begin <= last:
        return None
    if cue.side == AFTER:
        return _backward(scene, cue, number)
    return _of_person(scene, cue, number) if (cue.meaning, cue.side) == ("family", BEFORE) else None


def _limit(cue: Cue) -> int:
    if cue.side == ADJECTIVE:
        return _LIMITS_OF_ADJECTIVES.get(cue.meaning, _LIMIT_OF_ADJECTIVE)
    return _LIMITS.get((cue.meaning, cue.side), _LIMIT_OF_STATUS)


def _forward(scene: Scene, cue: Cue, number: int) -> int | None:
    first = scene.taken[number][0]
    words, lists = scene.given.words, scene.lists
    if first - cue.end > _limit(cue) or scene.ended(cue.end, first, cue.meaning):
        return None
    if cue.meaning == "no_fact":
        near = all(
            n in scene.inside or words[n] in lists.small or scene.joins(n) or words[n] in "'.-"
            for n in range(cue.end, first)
        )
        return first - cue.end if near else None
    commas = scene.commas(cue.end, first)
    if cue.side == ADJECTIVE and (commas or any(scene.joins(n) for n in range(cue.end, first))):
        return None
    if commas and not _goes_over(scene, cue, number, commas):
        return None
    return None if _belongs_left(scene, cue) else first - cue.end


def _goes_over(scene: Scene, cue: Cue, number: int, commas: list[int]) -> bool:
    """Whether a cue before a term reaches it over commas, as it does in a list of one sort."""
    if cue.meaning == "family" or cue.side == CONDITION:
        return True
    first, last = scene.taken[number]
    between = [n for n, (begin, _) in enumerate(scene.taken) if cue.end <= begin < first]
    if cue.meaning in STATUSES and not between and scene.given.words[cue.end] != ":":
        return False
    if any(_sort(scene.kinds[other]) != _sort(scene.kinds[number]) for other in between):
        return False
    if not between and _sort(scene.kinds[number]) != "finding":
        return False  # `no distress, aspirin 100 mg`
    return not _affirmed(scene, number, commas[-1], _clause_end(scene, last))


def _affirmed(scene: Scene, number: int, begin: int, end: int) -> bool:
    """Whether the clause of a term says by itself that it is so: `cough for three days`."""
    return any(
        begin <= cue.begin < end
        and cue.meaning == "affirmed"
        and (cue.side == CLAUSE or distance(scene, cue, number) is not None)
        for cue in scene.cues
    )


def _clause_end(scene: Scene, last: int) -> int:
    commas = scene.commas(last + 1, scene.end)
    return commas[0] if commas else scene.end


def _sort(kind: str) -> str:
    return kind if kind in ("drug", "measurement") else "finding"


def _belongs_left(scene: Scene, cue: Cue) -> bool:
    """Whether a cue that may look both ways looks back: `aspirin stopped, bisoprolol 5 mg`."""
    twins = [
        other
        for other in scene.cues
        if other.begin == cue.begin and other.meaning == cue.meaning and other.side == AFTER
    ]
    if cue.meaning == "family" and cue.side == BEFORE:
        twins.append(cue)
    return any(
        last < cue.begin
        and (cue.meaning not in STATUSES or scene.kinds[number] == "drug")
        and distance(scene, twin, number) is not None
        for twin in twins
        for number, (_, last) in enumerate(scene.taken)
    )


def _belongs_right(scene: Scene, cue: Cue) -> bool:
    """Whether a cue that may look both ways looks on: `asthma no evidence of pneumonia`.

    It looks at the nearer of the terms on its two sides; of two as near, on.
    """
    if not any(
        other.begin == cue.begin and other.meaning == cue.meaning and other.side == BEFORE
        for other in scene.cues
    ):
        return False
    terms = [
        place
        for place, kind in zip(scene.taken, scene.kinds, strict=True)
        if cue.meaning not in STATUSES or kind == "drug"
    ]
    left = min((cue.begin - last - 1 for _, last in terms if last < cue.begin), default=_NEAR)
    return any(
        0 <= first - cue.end <= min(left, _NEAR)
        and not any(
            scene.given.words[n] in _BREAKS or scene.joins(n) for n in range(cue.end, first)
        )
        for first, _ in terms
    )


def _backward(scene: Scene, cue: Cue, number: int) -> int | None:
    rest = _rest(scene, cue, scene.taken[number][1])
    if rest is None or len(rest) > _limit(cue):
        return None
    if rest and scene.ended(rest[0], cue.begin, cue.meaning):
        return None
    if _belongs_right(scene, cue):
        return None
    words = scene.given.words
    if rest and words[rest[-1]] in _BREAKS and cue.meaning in ("excluded", "affirmed"):
        # `suspected embolism, ruled out by CT`
        alone = not any(first >= cue.end for first, _ in scene.taken)
        rest = rest[:-1] if alone else rest
    if any(words[n] in _BREAKS or scene.joins(n) for n in rest):
        return None
    return len(rest)


def _rest(scene: Scene, cue: Cue, last: int) -> list[int] | None:
    """The words from the last item of a term's list to a cue; None where it is no list.

    An examination is not what is excluded: `Meningitis nach Lumbalpunktion ausgeschlossen`.
    """
    passed = ["procedure"] if cue.meaning == "excluded" else []
    ends = [
        other
        for (first, other), kind in zip(scene.taken, scene.kinds, strict=True)
        if first > last and other < cue.begin and kind not in passed
    ]
    end = max(ends, default=last)
    words, lists = scene.given.words, scene.lists
    listed = all(
        n in scene.inside
        or words[n] in _MARKS_OF_LISTS
        or words[n] in lists.small
        or scene.joins(n)
        for n in range(last + 1, end)
    )
    if not listed:
        return None
    return [n for n in range(end + 1, cue.begin) if words[n] not in _INSIDE_WORDS]


def _of_person(scene: Scene, cue: Cue, number: int) -> int | None:
    """The reach of a person named after a term: `stroke in his father`, `stroke (father)`."""
    rest = _rest(scene, cue, scene.taken[number][1])
    if not rest or len(rest) > _LIMIT_OF_PERSON:
        return None
    words = scene.given.words
    if words[rest[-1]] in "(:":
        closed = cue.end >= scene.end or words[cue.end] in "),;.:"
        return len(rest) if closed and len(rest) == 1 else None
    return (
        len(rest) if all(words[n] in scene.lists.small or words[n] == "'" for n in rest) else None
    )
