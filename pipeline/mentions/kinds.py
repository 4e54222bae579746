"""The kind of fact that a code stands for: condition, sign, drug, procedure or measurement."""

_KINDS = {
    "ATC": "drug",
    "RXNORM": "drug",
    "LOINC": "measurement",
    "CHARTLINE": "measurement",
    "HPO": "sign",
    "CCAM": "procedure",
    "CPT4": "procedure",
    "ICD9PROC": "procedure",
    "ICD10PCS": "procedure",
    "OPS": "procedure",
}
_ICD10 = ("ICD10", "ICD10CM", "ICD10GM", "CIM10")
_ICD10_SIGNS = "R"  # chapter XVIII: symptoms, signs and abnormal findings


def mention_kind(vocabulary: str, code: str) -> str:
    """The kind of mention that a code stands for.

    Codes of a vocabulary that is not known here are taken for conditions.

    >>> mention_kind("ICD10", "R60.9"), mention_kind("ICD10", "I50.9")
    ('sign', 'condition')
    >>> mention_kind("ATC", "C03CA01")
    'drug'
    """
    if vocabulary in _ICD10:
        return "sign" if code.startswith(_ICD10_SIGNS) else "condition"
    return _KINDS.get(vocabulary, "condition")
