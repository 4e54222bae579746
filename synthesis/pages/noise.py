"""Lines as OCR reads them from a scan: skewed, without fonts, with wrong sizes and letters."""

import random

import numpy as np
import polars as pl

_MISREAD = {
    "l": "1",
    "1": "l",
    "O": "0",
    "0": "O",
    "m": "rn",
    "e": "c",
    "é": "e",
    "ü": "u",
    "S": "5",
    ",": ".",
    "à": "a",
    "i": "í",
}


def scanned(lines: pl.DataFrame, rng: random.Random) -> pl.DataFrame:
    """The same lines (columns of the lines table) with the faults of OCR."""
    dice = np.random.default_rng(rng.getrandbits(32))
    count, faults = len(lines), rng.choice([0.0, 0.01, 0.03, 0.08])
    skew, jitter = dice.normal(0, 0.002), rng.uniform(0.3, 1.5)
    shift = (lines["x0"] - lines["page_width"] / 2).to_numpy() * skew

    def moved(name: str, extra: np.ndarray | float = 0.0) -> pl.Series:
        return pl.Series(name, lines[name].to_numpy() + dice.normal(0, jitter, count) + extra)

    guessed = lines["size"].to_numpy() * dice.normal(1, 0.06, count)
    noisy = lines.with_columns(
        moved("x0"),
        moved("x1"),
        moved("top", shift),
        moved("bottom", shift),
        pl.Series("text", [_misread(text, rng, faults) for text in lines["text"]]),
        pl.Series("size", np.round(guessed * 2) / 2).clip(3),
        pl.lit("").alias("font"),
        pl.lit(False).alias("bold"),
        pl.lit(False).alias("italic"),
        pl.lit("ocr").alias("source"),
    )
    ordered = noisy.with_columns(  # every box keeps a width and a height
        pl.max_horizontal("x1", pl.col("x0") + 1),
        pl.max_horizontal("bottom", pl.col("top") + 1),
    )
    return ordered.cast(dict(lines.schema))  # type: ignore[arg-type]


def _misread(text: str, rng: random.Random, faults: float) -> str:
    """The text with the share `faults` of its letters misread and of its spaces lost."""
    if not faults:
        return text
    out = []
    for char in text:
        dice = rng.random()
        if dice < faults:
            out.append(_MISREAD.get(char, char))
        elif not (char == " " and dice < 2 * faults):
            out.append(char)
    return "".join(out).strip() or text
