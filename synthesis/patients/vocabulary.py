"""The codes of the simulated cohort: those of each condition, their frequencies and meanings."""

import re
import tomllib
import zlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_FILE = Path(__file__).with_name("codes.toml")
SITES = 5  # hospitals, each with habits of coding
ATC_SITES = 2  # the first sites write drugs as ATC codes, the others as products of their own
_DETAIL = {"": 0.35, "0": 0.3, "1": 0.2, "8": 0.1, "9": 0.05}  # a diagnosis's fifth character
_PRODUCTS = {1: 0.6, 2: 0.3, 3: 0.1}  # products of one ATC code at a site
_RANGE = re.compile(r"\{([^}]*)\}")


def expanded(pattern: str) -> list[str]:
    """The codes that a pattern stands for, in its order: `{..}` holds the possible endings.

    >>> expanded("ICD10//I50.{9,0-2}")
    ['ICD10//I50.9', 'ICD10//I50.0', 'ICD10//I50.1', 'ICD10//I50.2']
    """
    found = _RANGE.search(pattern)
    if found is None:
        return [pattern]
    endings: list[str] = []
    for part in found.group(1).split(","):
        first, dash, last = part.partition("-")
        if dash and first.isdigit() and last.isdigit() and len(first) == len(last):
            endings += [f"{number:0{len(first)}d}" for number in range(int(first), int(last) + 1)]
        else:
            endings.append(part)
    return [pattern[: found.start()] + ending + pattern[found.end() :] for ending in endings]


@cache
def clusters() -> dict[str, tuple[tuple[str, ...], NDArray[np.float64]]]:
    """The codes of each condition and their frequencies, which sum to 1.

    The frequency falls with the row in the file and with the place in the row.
    """
    found = {}
    for condition, rows in _read().items():
        codes, weights = [], []
        for row, pattern in enumerate(rows):
            for place, code in enumerate(expanded(pattern)):
                codes.append(code)
                weights.append((1 + row) ** -0.3 * (1 + place) ** -0.5)
        found[condition] = (tuple(codes), np.array(weights) / sum(weights))
    return found


def variants(code: str, site: int) -> list[tuple[str, float]]:
    """The ways in which a site writes a code, and the share of each.

    Diagnoses come with or without a fifth character; drugs as their ATC code at the first
    `ATC_SITES` sites, and as products with local codes at the others.
    """
    vocabulary, _, bare = code.partition("//")
    if vocabulary == "ICD10" and "." in bare:
        return [(code + detail, share) for detail, share in _DETAIL.items()]
    if vocabulary == "ATC" and site >= ATC_SITES:
        number = zlib.crc32(bare.encode()) % 9000 + 1000
        return [(f"LOCAL{site}//{number}-{product}", share) for product, share in _PRODUCTS.items()]
    return [(code, 1.0)]


@cache
def names() -> dict[str, tuple[str, str]]:
    """The meaning of each code that a site may write, and the public code that it stands for."""
    return {
        written: (name, code)
        for rows in _read().values()
        for pattern, name in rows.items()
        for code in expanded(pattern)
        for site in range(SITES)
        for written, _ in variants(code, site)
    }


@cache
def _read() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text("utf-8"))
