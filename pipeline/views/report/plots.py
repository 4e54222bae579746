"""The report's plots as SVG text: concept map, ROC, calibration, learning curve."""

import io
from typing import Any

import matplotlib
import numpy as np
import polars as pl
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.calibration import calibration_curve
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.metrics import roc_curve

matplotlib.rcParams.update(
    {
        "svg.fonttype": "none",  # text stays text: smaller, and it can be searched
        "svg.hashsalt": "chartline",  # identifiers within a plot are the same in every run
        "font.family": "sans-serif",
        "font.size": 9,
    }
)
COLOURS = ("#2b6cb0", "#c05621", "#2f855a", "#805ad5", "#b83280", "#4a5568", "#0987a0", "#975a16")
_MAP_CODES = 400  # codes in the map: more are a cloud without names
_FEWEST_FOR_TSNE = 30  # with so few codes, t-SNE has no neighbourhoods; PCA is used
_PERPLEXITY = 12  # t-SNE: about how many neighbours of a code shape its place
_SEED = 7
_GREY = "#a0aec0"  # the line of chance, or of perfect calibration
# Room for names: at 7 points, a map of 13 x 8 inches holds 62 lines of 200 letters
_LINES, _LETTERS = 62, 200


def _svg(figure: Figure) -> str:
    """The `svg` element alone: it stands in HTML."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def _axes(width: float, height: float) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height))
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def concept_map(vectors: pl.DataFrame, names: dict[str, str]) -> str:
    """The most common codes in two dimensions, coloured by vocabulary.

    Args:
        vectors: The table concept_vectors.
        names: Descriptions of codes. They are written, the most common first, where they fit.
    """
    shown = vectors.sort("count", "code", descending=[True, False]).head(_MAP_CODES)
    place = _in_two_dimensions(np.array(shown["vector"].to_list(), dtype=np.float64))
    figure, axes = _axes(13, 8)
    for index, vocabulary in enumerate(shown["vocabulary"].unique(maintain_order=True)):
        mine = (shown["vocabulary"] == vocabulary).to_numpy()
        size = 8 + 6 * np.log1p(shown["count"].to_numpy()[mine])
        axes.scatter(
            *place[mine].T,
            s=size,
            color=COLOURS[index % len(COLOURS)],
            alpha=0.75,
            linewidths=0,
            label=vocabulary,
        )
    _name_apart(axes, [names.get(code, code) for code in shown["code"].to_list()], place)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.legend(frameon=False, loc="lower right")
    return _svg(figure)


def _in_two_dimensions(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """t-SNE (van der Maaten and Hinton, JMLR 2008) by cosine distance; PCA of few vectors."""
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    if len(unit) > _FEWEST_FOR_TSNE:
        return TSNE(
            perplexity=min(_PERPLEXITY, len(unit) / 4),
            metric="cosine",
            init="random",
            random_state=_SEED,
            max_iter=600,
        ).fit_transform(unit)
    return PCA(2).fit_transform(unit) if len(unit) > 2 else np.zeros((len(unit), 2))


def _name_apart(axes: Any, texts: list[str], place: NDArray[np.float64]) -> None:
    """Writes each name beside its point unless it would cover one already written."""
    height, letter = np.ptp(place[:, 1]) / _LINES or 1.0, np.ptp(place[:, 0]) / _LETTERS or 1.0
    taken: list[tuple[float, float, float]] = []
    for text, (left, up) in zip(texts, place, strict=True):
        right = left + letter * len(text)
        if all(
            abs(up - other) > height or right < begin or left > end for begin, end, other in taken
        ):
            taken.append((left, right, up))
            axes.annotate(
                text,
                (left, up),
                fontsize=7,
                xytext=(4, -2),
                textcoords="offset points",
                color="#2d3748",
                parse_math=False,  # a description may hold dollar signs
            )


def _curves(curves: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    return [
        (f"{source}, {model}", group)
        for (source, model), group in curves.group_by("source", "model", maintain_order=True)
    ]


def roc(curves: pl.DataFrame) -> str:
    """ROC curves on held-out subjects, one an input and classifier; `curves`: onset_curves."""
    figure, axes = _axes(5, 4.6)
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=0.8, linestyle=":")
    for index, (name, group) in enumerate(_curves(curves)):
        false, true, _ = roc_curve(group["boolean_value"].to_numpy(), group["risk"].to_numpy())
        axes.plot(false, true, color=COLOURS[index % len(COLOURS)], linewidth=1.4, label=name)
    axes.set_xlabel("false positive rate")
    axes.set_ylabel("true positive rate")
    axes.legend(frameon=False, loc="lower right", fontsize=8)
    return _svg(figure)


def calibration(curves: pl.DataFrame, bins: int = 8) -> str:
    """Observed share of outcomes by predicted risk, in `bins` of equal size; as for `roc`."""
    figure, axes = _axes(5, 4.6)
    axes.plot([0, 1], [0, 1], color=_GREY, linewidth=0.8, linestyle=":")
    for index, (name, group) in enumerate(_curves(curves)):
        observed, predicted = calibration_curve(
            group["boolean_value"].to_numpy(),
            group["risk"].clip(0, 1).to_numpy(),
            n_bins=bins,
            strategy="quantile",
        )
        axes.plot(
            predicted,
            observed,
            marker="o",
            markersize=3,
            color=COLOURS[index % len(COLOURS)],
            linewidth=1.2,
            label=name,
        )
    axes.set_xlabel("predicted risk")
    axes.set_ylabel("observed share")
    axes.legend(frameon=False, loc="upper left", fontsize=8)
    return _svg(figure)


def learning(curve: pl.DataFrame) -> str:
    """AUC on held-out subjects by the number of training rows; `curve`: onset_learning."""
    figure, axes = _axes(5, 4.6)
    for index, (source, group) in enumerate(
        curve.sort("patients").group_by("source", maintain_order=True)
    ):
        x, y = group["patients"].to_numpy(), group["auc"].to_numpy()
        axes.plot(
            x,
            y,
            marker="o",
            markersize=4,
            color=COLOURS[index % len(COLOURS)],
            linewidth=1.4,
            label=source[0],
        )
    axes.set_xscale("log")
    axes.set_xticks(
        curve["patients"].unique().sort().to_list(),
        [f"{count:,}" for count in curve["patients"].unique().sort()],
    )
    axes.minorticks_off()
    axes.set_xlabel("training patients")
    axes.set_ylabel("AUC")
    axes.legend(frameon=False, loc="lower right", fontsize=8)
    return _svg(figure)
