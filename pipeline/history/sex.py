"""The sex that a source states, as one of M and F; everything else is unknown.

Words of the seven languages of documents (English, French, German, Spanish, Italian, Dutch,
Portuguese), and the codes of HL7's AdministrativeGender, OMOP and SNOMED CT. Numbers such as 0, 1
and 2 are not read, since sources disagree about what they mean.
"""

import polars as pl

SEX_CODE = r"^(GENDER|SEX)//"  # codes of events that state a sex
UNKNOWN_SEX = "the sex is not known"  # the fault of such a statement
_MALE = (
    *("m", "male", "man", "boy"),
    *("homme", "masculin", "h", "garçon"),
    *("männlich", "maennlich", "mann"),
    *("hombre", "varón", "varon", "masculino"),
    *("uomo", "maschio", "maschile"),
    *("mannelijk",),
    *("homem",),
    *("8507", "248153007"),  # OMOP; SNOMED CT
)
_FEMALE = (
    *("f", "female", "woman", "girl"),
    *("femme", "féminin", "feminin", "fille"),
    *("weiblich", "w", "frau"),
    *("mujer", "femenino"),
    *("donna", "femmina", "femminile"),
    *("vrouw", "vrouwelijk"),  # not `v`, which is varón in Spanish
    *("mulher", "feminino"),
    *("8532", "248152002"),  # OMOP; SNOMED CT
)
_SEX = dict.fromkeys(_MALE, "M") | dict.fromkeys(_FEMALE, "F")


def sex(words: pl.Expr) -> pl.Expr:
    """M or F for a word or code in any case; null for every other, such as `X` or `Unknown`."""
    plain = words.cast(pl.String).str.strip_chars().str.strip_suffix(".0").str.to_lowercase()
    return plain.replace_strict(_SEX, default=None, return_dtype=pl.String)


def sex_of_code(codes: pl.Expr) -> pl.Expr:
    """`sex` of codes such as `GENDER//M` or `SEX//homme`."""
    return sex(codes.str.split("//").list.last())
