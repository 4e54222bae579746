"""How cues of one sentence work together, and what sections and other sentences add."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mentions.context.judged import judged

PARTS = [
    "No fever",
    "Possible asthma",
    "Her mother had gout",
    "History of stroke",
    "Mumps was seen",
]
TERMS = ["fever", "asthma", "gout", "stroke", "mumps"]


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(len(PARTS))), st.integers(1, len(PARTS)))
def test_a_sentence_after_a_full_stop_changes_nothing_before_it(
    order: list[int], kept: int
) -> None:
    text = ". ".join(PARTS[number] for number in order) + "."
    shorter = ". ".join(PARTS[number] for number in order[:kept]) + "."
    terms = [TERMS[number] for number in order]
    assert judged(text, "en", *terms)[:kept] == judged(shorter, "en", *terms[:kept])


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("family_history", ["family", "family"]),
        ("history", ["past", "plain"]),
        ("surgical_history", ["past", "plain"]),
        ("allergies", ["plain", "allergy"]),
        ("course", ["plain", "plain"]),
    ],
)
def test_the_section_is_context(kind: str, said: list[str]) -> None:
    assert judged("Gout. Aspirin.", "en", "gout", "aspirin*", section=kind) == said


@pytest.mark.parametrize(
    ("text", "terms", "said"),
    [
        (
            "Family history:\n- gout\n- stroke\n\n- asthma",
            ["gout", "stroke", "asthma"],
            ["family", "family", "plain"],
        ),
        ("Stopped:\nAspirin 75 mg\nMetformin", ["aspirin*", "metformin*"], ["stopped", "stopped"]),
        (
            "Family history:\nMother: gout\nDiagnosis: asthma",
            ["gout", "asthma"],
            ["family", "plain"],
        ),
        ("Past medical history:\nGout\nPlan:\nAsthma", ["gout", "asthma"], ["past", "plain"]),
        ("Denies:\n- gout: yes", ["gout"], ["plain"]),
    ],
)
def test_a_heading_holds_for_its_list(text: str, terms: list[str], said: list[str]) -> None:
    assert judged(text, "en", *terms) == said


@pytest.mark.parametrize(
    ("text", "terms", "said"),
    [
        # a list is of one sort: a drug after denied findings is none of them
        ("No fever, aspirin 75 mg", ["fever", "aspirin*"], ["negated", "plain"]),
        ("Stopped smoking last year, aspirin 75 mg", ["aspirin*"], ["plain"]),
        # the same cue looks back where a term stands, else forward
        ("Gout excluded, asthma", ["gout", "asthma"], ["negated", "plain"]),
        ("Excluded gout", ["gout"], ["negated"]),
        ("Asthma suspected gout", ["asthma", "gout"], ["plain", "hypothetical"]),
        # over `and` an adjective does not reach
        ("Previous stroke and gout", ["stroke", "gout"], ["past", "plain"]),
        # a person ends where the patient is named
        ("Mother with gout, patient with asthma", ["gout", "asthma"], ["family", "plain"]),
        # a negated verb is not the end of its negation
        ("Never presented with gout", ["gout"], ["negated"]),
        ("No gout, presented with asthma", ["gout", "asthma"], ["negated", "plain"]),
        # confirmed is no longer suspected; possible after it is
        ("Suspected gout, confirmed by biopsy", ["gout"], ["plain"]),
        ("No gout found", ["gout"], ["negated"]),
        # what never was is not past
        ("Denies a history of gout", ["gout"], ["negated"]),
        ("History of gout in her mother", ["gout"], ["family"]),
        ("The mother of the patient has gout", ["gout"], ["family"]),
        # what follows the term has the last word
        ("Suspected gout was ruled out", ["gout"], ["negated"]),
        # an answer to `rule out` may be turned
        ("Gout could not be ruled out", ["gout"], ["hypothetical"]),
        ("No suspicion of gout", ["gout"], ["negated"]),
        ("If no gout is found", ["gout"], ["hypothetical"]),
        # the words of another term are no cues
        ("Gout; old stroke and asthma", ["gout", "old stroke", "asthma"], ["plain"] * 3),
        ("Aspirin was never started", ["aspirin*"], ["negated"]),
        ("No fever, suspected gout", ["gout"], ["hypothetical"]),
        # negations of stopping
        ("Aspirin was not stopped", ["aspirin*"], ["plain"]),
        # over a comma only a participle directly after it
        ("Gout of the left toe, ruled out by biopsy", ["gout"], ["negated"]),
        ("Gout of the toe, the cause ruled out", ["gout"], ["plain"]),
    ],
)  # each line guards a rule
def test_rules(text: str, terms: list[str], said: list[str]) -> None:
    assert judged(text, "en", *terms) == said


def test_far_cues_do_not_reach() -> None:
    words = " ".join(["word"] * 30)
    assert judged(f"No {words} gout", "en", "gout") == ["plain"]
    assert judged(f"Gout {words} ruled out", "en", "gout") == ["plain"]


def test_no_terms_no_contexts() -> None:
    assert judged("No fever.", "en") == []
    assert judged("", "en") == []
