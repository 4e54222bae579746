"""What is known of each measurement: its one unit, its plausible range, its conversions."""

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple

_CORE = ("chartline.mentions.terminologies", "core")
_DIGITS = 6  # significant ones: factors have no more

# Units that only some countries write, and then mostly by name: they are not concluded elsewhere.
IMPERIAL = frozenset({"[in_i]", "[ft_i]", "[lb_av]", "[stone_av]", "[degF]"})
IMPERIAL_LANGUAGES = frozenset({"en"})


class Measure(NamedTuple):
    """A measurement of the core list.

    Attributes:
        code: in the vocabulary CHARTLINE.
        unit: the UCUM code in which its values are given.
        low: the lowest plausible value, in `unit`.
        high: the highest plausible value, in `unit`.
        factors: of each unit that can be converted, `unit` itself included: factor and offset.
    """

    code: str
    unit: str
    low: float
    high: float
    factors: dict[str, tuple[float, float]]

    def convert(self, value: float, unit: str) -> float | None:
        """A value in another unit, in the measurement's own; None where the unit does not fit.

        >>> measures()["creatinine"].convert(1.0, "mg/dL")
        88.4017
        """
        if unit not in self.factors:
            return None
        factor, offset = self.factors[unit]
        return value if (factor, offset) == (1, 0) else rounded(value * factor + offset)

    def plausible(self, value: float) -> bool:
        """Whether a value, in the measurement's unit, can be one."""
        return self.low <= value <= self.high


def rounded(value: float) -> float:
    """A number to six significant digits."""
    return float(f"{value:.{_DIGITS}g}")


@cache
def measures() -> dict[str, Measure]:
    """The measurements of the core list, by code; read once in each process."""
    factors: dict[str, dict[str, tuple[float, float]]] = {}
    for row in core_rows("conversions"):
        to = factors.setdefault(row["code"], {})
        to[row["unit"]] = (float(row["factor"]), float(row["offset"]))
    return {
        row["code"]: Measure(
            row["code"],
            row["unit"],
            float(row["low"]),
            float(row["high"]),
            {row["unit"]: (1.0, 0.0)} | factors.get(row["code"], {}),
        )
        for row in core_rows("measurements")
    }


def core_rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of the core list."""
    package, folder = _CORE
    path = resources.files(package) / folder / f"{name}.csv"
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
