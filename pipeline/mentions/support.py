"""Whether a weak term is meant: an abbreviation or word that has another common meaning."""

from collections import defaultdict

from chartline.mentions.lookup import Found
from chartline.mentions.spans import Span
from chartline.mentions.words import Passage

# Sections that list diagnoses, where `AS` or `MI` stands for one.
_OF_DIAGNOSES = frozenset(
    {"history", "surgical_history", "family_history", "diagnosis", "risk_factors"}
)
_DOSE_UNITS = frozenset("mg g µg μg mcg ug ml ui iu ie u mmol meq mui gtt".split())
_FORMS = frozenset(
    "cp cpr comp comprime comprimes gelule gelules tab tabs tablet tablets cap caps capsule tbl "
    "tabl tablette tabletten kps kapsel amp inj comprimido comprimidos capsula compressa compresse "
    "gotas drops gouttes tropfen gocce druppels puff puffs bouffee bouffees sirop syrup "
    "patch".split()
)
_NEAR = 4  # words in which a dose stands beside its drug


def supported(given: Passage, found: list[Found], section: str) -> list[Span]:
    """The spans of strong terms, and of those weak terms that their context supports.

    A weak drug needs a dose or a form beside it. A weak condition, sign or procedure needs a strong
    term of its code in the same text, a neighbour in the same list, or capitals in a section of
    diagnoses. A weak measurement stays: it is a fact only with a value, which is looked for later.
    Where several weak codes of one place are supported, none is certain, and none is given.

    Args:
        given: the passage.
        found: its terms, from `lookup`.
        section: the kind of the section.
    """
    strong = [one.span for one in found if not one.weak]
    codes = {(span.vocabulary, span.code) for span in strong}
    certain = set(strong)
    by_place: dict[int, list[Span]] = defaultdict(list)
    for one in found:
        if not one.weak or _is_supported(given, one.span, strong, codes, section):
            by_place[one.span.begin].append(one.span)
    kept = (_one_of(spans, certain) for spans in by_place.values())
    return [span for span in kept if span is not None]


def _one_of(spans: list[Span], certain: set[Span]) -> Span | None:
    """The strong term of a place, else its one weak term; None where several may be meant."""
    strong = [span for span in spans if span in certain]
    if strong:
        return strong[0]
    return spans[0] if len(spans) == 1 else None


def _is_supported(
    given: Passage, span: Span, strong: list[Span], codes: set[tuple[str, str]], section: str
) -> bool:
    if span.kind == "drug":
        return _has_dose(given, span)
    if span.kind == "measurement":
        return True
    if (span.vocabulary, span.code) in codes:
        return True
    # A list of diagnoses abbreviates; a word such as `fit` has its everyday meaning there too.
    if section in _OF_DIAGNOSES and given.text[span.begin : span.end].isupper():
        return True
    return any(_listed_together(given, span, other) for other in strong)


def _has_dose(given: Passage, span: Span) -> bool:
    """Whether a dose or a form stands beside a drug."""
    first = given.word_at.get(span.begin, 0)
    after = [n for n, begin in enumerate(given.begins[first:], first) if begin >= span.end][:_NEAR]
    near = [*range(max(0, first - 2), first), *after]
    return any(given.words[number] in _DOSE_UNITS | _FORMS for number in near)


def _listed_together(given: Passage, span: Span, other: Span) -> bool:
    """Whether only a comma or a slash stands between a term and a condition."""
    if other.kind not in ("condition", "sign"):
        return False
    begin, end = sorted((span, other), key=lambda one: one.begin)
    between = given.text[begin.end : end.begin].strip()
    return len(between) <= 1 and between in {",", "/", "+", "-", ";"}
