"""What codes mean, in words."""

import polars as pl

from chartline.mentions.terminologies.loading import all_names


def names_of_codes(codes: pl.DataFrame | None) -> dict[str, str]:
    """The meaning of each code (`ICD10//I10`) in words.

    Args:
        codes: the codes table of the EHR (code, description), or None. Its description is
            preferred; a code without one has the terminology's English name.

    >>> names_of_codes(None)["ATC//C03CA01"]
    'furosemide'
    """
    rows = [] if codes is None else codes.select("code", "description").iter_rows()
    return all_names() | {code: text for code, text in rows if text}
