"""Forms: answers, boxes and question marks."""

import pytest
from mentions.context.judged import judged


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Asthma: no", "negated"),
        ("Asthma = no", "negated"),
        ("Asthma: 0", "negated"),
        ("Asthma 0", "negated"),
        ("Asthma -", "negated"),
        ("Asthma\t-\tx", "negated"),
        ("Asthma: none known", "negated"),
        ("Asthma (as a child): no", "negated"),
        ("Asthma  no  gout", "negated"),
        ("Asthma | no | gout", "negated"),
        ("Asthma? No.", "negated"),
        ("Asthma: n", "negated"),
        ("Asthma n", "plain"),
        ("Asthma: no doubt about it", "plain"),
        ("Asthma - well", "plain"),
        ("Asthma\nno", "plain"),
        ("Asthma: +", "plain"),
        ("Possible asthma: yes", "plain"),
        ("Asthma, smoking: no", "plain"),
        ("Asthma 0.5", "plain"),
        ("Asthma?", "hypothetical"),
        ("Asthma (?)", "hypothetical"),
        ("?asthma", "hypothetical"),
        ("Cough, ? asthma", "hypothetical"),
        ("Any asthma, cough or fever?", "hypothetical"),
        ("Known asthma, worse?", "plain"),
        ("Cough? Asthma.", "plain"),
        ("☐ asthma", "none"),
        ("☑ asthma ☐ gout", "plain"),
        ("☑ gout ☐ asthma", "none"),
        ("Asthma ☐ gout ☑", "none"),
        ("Asthma: ☑", "plain"),
        ("[ ] asthma", "none"),
        ("( ) asthma (x) gout", "none"),
        ("[x] asthma", "plain"),
        ("Asthma ☐ yes ☑ no", "negated"),
        ("Asthma [x] yes [ ] no", "plain"),
        ("Asthma: ☐ no ☒ yes", "plain"),
        ("Asthma ☐ yes ☐ no", "none"),
    ],
)
def test_a_form(text: str, said: str) -> None:
    assert judged(text, "en", "asthma") == [said]


def test_a_french_question_mark_after_a_space_belongs_to_the_word_before() -> None:
    assert judged("Toux ? Asthme.", "fr", "toux", "asthme") == ["hypothetical", "plain"]
