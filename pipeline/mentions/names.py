"""What codes mean, in words."""

import polars as pl

from chartline.core.lexicons import lexicon


def names_of_codes(codes: pl.DataFrame | None) -> dict[str, str]:
    """The meaning of each code (`ICD10//I10`).

    `codes` is the EHR's own table of codes (code, description), which is preferred; the first term
    of our dictionary stands for a code that it does not describe.
    """
    ours = {
        f"{vocabulary}//{code}": terms[0]
        for vocabulary, codes_of in lexicon("chartline.mentions", "concepts").items()
        for code, terms in codes_of.items()
    }
    rows = [] if codes is None else codes.select("code", "description").iter_rows()
    return ours | {code: text for code, text in rows if text}
