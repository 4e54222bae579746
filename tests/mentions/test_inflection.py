"""Forms of a word meet; different words do not."""

import pytest

from chartline.mentions.inflection import reduced
from chartline.mentions.words import fold

SAME = [
    ("en", "biopsies biopsy"),
    ("en", "haemorrhages hemorrhage"),
    ("fr", "cérébraux cérébral"),
    ("fr", "artérielles artérielle artériel"),
    ("fr", "aiguë aigu"),
    ("es", "crónica crónico crónicas"),
    ("es", "tumores tumor"),
    ("it", "croniche cronica cronico"),
    ("it", "infarti infarto"),
    ("de", "Erkrankungen Erkrankung"),
    ("de", "akutes akuter akute"),
    ("de", "Nierenversagens Nierenversagen"),
    ("nl", "stoornissen stoornis"),
    ("nl", "oedemen oedeem"),
    ("pt", "infecções infecção"),
    ("pt", "renais renal"),
]
OTHER = [
    ("en", "diabetes diabetic"),
    ("en", "arthritis arteritis"),
    ("fr", "foie foi"),
    ("es", "caso casa"),
    ("de", "Bein Beine Bei"),
]


@pytest.mark.parametrize(("language", "forms"), SAME)
def test_forms_of_one_word(language: str, forms: str) -> None:
    assert len({reduced(fold(form), language) for form in forms.split()}) == 1


@pytest.mark.parametrize(("language", "words"), OTHER)
def test_other_words(language: str, words: str) -> None:
    given = words.split()
    assert len({reduced(fold(word), language) for word in given}) > 1
