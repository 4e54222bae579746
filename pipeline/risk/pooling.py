"""A patient's events to numbers: the concept vectors of their codes pooled over a window."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from chartline.core.settings import FeatureSettings
from chartline.core.settings.groups import Pool
from chartline.models.concept_vectors import prototypes

Matrix = NDArray[np.float64]
# a of a / (a + share), the weight by frequency: Arora et al. (ICLR 2017) find 1e-3 to 1e-4 best
_FREQUENCY = 1e-3
_NAMED = 3  # codes that stand for a prototype in the feature dictionary


@dataclass(frozen=True)
class ConceptSpace:
    """The table concept_vectors, and the settings by which it is pooled."""

    table: pl.DataFrame
    settings: FeatureSettings

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """codes x dimensions."""
        return np.array(self.table["vector"].to_list(), dtype=np.float32)

    @cached_property
    def affinities(self) -> Matrix:
        """codes x prototypes: how much each code is an instance of each prototype, 0 to 1."""
        settings = self.settings
        centres = prototypes.centres(self.vectors, settings.prototypes, settings.seed)
        return prototypes.affinities(self.vectors, centres)

    @cached_property
    def frequency_weights(self) -> sparse.dia_array:
        """codes x codes, diagonal: a / (a + share), share being that of all occurrences."""
        counts = self.table["count"].to_numpy()
        share = counts / max(int(counts.sum()), 1)
        return sparse.diags_array(_FREQUENCY / (_FREQUENCY + share))


def pooled(pool: Pool, within: pl.DataFrame, space: ConceptSpace, size: int) -> Matrix:
    """Pools the vectors of each row's codes.

    Args:
        pool: `sum` (arXiv 1602.03686); `mean`; `recency`, each event weighted
            2^(-age / half-life); `frequency`, each code weighted less the more common it is (Arora
            et al., ICLR 2017); `presence` of each prototype, 0 to 1 (see
            `models.concept_vectors.prototypes`).
        within: Observed events of a window: row, code, age_days.
        space: The concept vectors.
        size: Rows, of which those without an event have zeros.

    Returns:
        rows x dimensions, or rows x prototypes.
    """
    weight = (
        2.0 ** (-within["age_days"].to_numpy() / space.settings.half_life_days)
        if pool == "recency"
        else None
    )
    counts = code_matrix(within, space.table["code"], size, weight)
    if pool == "presence":
        return prototypes.presence(counts, space.affinities)
    if pool == "frequency":
        counts = sparse.csr_array(counts @ space.frequency_weights)
    total = np.asarray(counts @ space.vectors.astype(np.float64))
    return total / np.maximum(counts.sum(1), 1)[:, None] if pool == "mean" else total


def meanings(pool: Pool, space: ConceptSpace, names: dict[str, str]) -> list[str]:
    """What each column of `pooled` means; a prototype by its nearest codes and their `names`."""
    if pool != "presence":
        dimensions = space.vectors.shape[1]
        return [f"{pool} of the codes' vectors, axis {axis}" for axis in range(dimensions)]
    codes = space.table["code"].to_list()
    nearest = np.argsort(-space.affinities, axis=0, kind="stable")[:_NAMED].T
    return [
        "presence of a group: "
        + "; ".join(f"{codes[code]} {names.get(codes[code], '')}".strip() for code in row)
        for row in nearest
    ]


def code_matrix(
    within: pl.DataFrame, codes: pl.Series, size: int, weight: Matrix | None = None
) -> sparse.csr_array:
    """rows x codes: how often each code was observed, or the sum of its events' weights.

    Args:
        within: Observed events: row, code.
        codes: The columns; events of other codes are left out.
        size: Rows.
        weight: Of each event; 1 where absent.
    """
    place = within.select(
        pl.col("code").replace_strict(
            codes, pl.int_range(len(codes), eager=True), default=None, return_dtype=pl.Int64
        )
    )["code"]
    kept = place.is_not_null().to_numpy()
    value = np.ones(len(within)) if weight is None else weight
    cells = (within["row"].to_numpy()[kept].astype(np.int64), place.drop_nulls().to_numpy())
    return sparse.csr_array((value[kept], cells), (size, len(codes)))
