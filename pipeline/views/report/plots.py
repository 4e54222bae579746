"""The report's plots as SVG: concept map, ROC, calibration."""

import io
from typing import Any

import matplotlib
import numpy as np
import polars as pl
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.metrics import roc_curve

matplotlib.rcParams.update(
    {
        "svg.fonttype": "none",
        "svg.hashsalt": "chartline",
        "font.family": "sans-serif",
        "font.size": 9,
    }
)
COLOURS = ("#2b6cb0", "#c05621", "#2f855a", "#805ad5", "#b83280", "#4a5568", "#0987a0", "#975a16")
_MAP_CODES = 400


def _svg(figure: Figure) -> str:
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
    """The commonest codes in two dimensions (t-SNE on the unit vectors), coloured by vocabulary, the commonest named."""
    shown = vectors.sort("count", "code", descending=[True, False]).head(_MAP_CODES)
    x = np.array(shown["vector"].to_list(), dtype=np.float64)
    x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    if len(x) > 30:
        place = TSNE(
            perplexity=min(12, len(x) / 4),
            metric="cosine",
            init="random",
            random_state=7,
            max_iter=600,
        ).fit_transform(x)
    else:
        place = PCA(2).fit_transform(x) if len(x) > 2 else np.zeros((len(x), 2))
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


def _name_apart(axes: Any, texts: list[str], place: Any) -> None:
    """Writes each name beside its point, commonest first, where it covers no name already written."""
    height, letter = np.ptp(place[:, 1]) / 62 or 1.0, np.ptp(place[:, 0]) / 200 or 1.0
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
            )


def _curves(curves: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    return [
        (f"{source}, {model}", group)
        for (source, model), group in curves.group_by("source", "model", maintain_order=True)
    ]


def roc(curves: pl.DataFrame) -> str:
    """Receiver operating characteristic of every input and classifier on held-out patients."""
    figure, axes = _axes(5, 4.6)
    axes.plot([0, 1], [0, 1], color="#a0aec0", linewidth=0.8, linestyle=":")
    for index, (name, group) in enumerate(_curves(curves)):
        false, true, _ = roc_curve(group["boolean_value"].to_numpy(), group["risk"].to_numpy())
        axes.plot(false, true, color=COLOURS[index % len(COLOURS)], linewidth=1.4, label=name)
    axes.set_xlabel("false positive rate")
    axes.set_ylabel("true positive rate")
    axes.legend(frameon=False, loc="lower right", fontsize=8)
    return _svg(figure)


def calibration(curves: pl.DataFrame, bins: int = 8) -> str:
    """Observed share of onsets by predicted risk, in bins of equal size."""
    figure, axes = _axes(5, 4.6)
    axes.plot([0, 1], [0, 1], color="#a0aec0", linewidth=0.8, linestyle=":")
    for index, (name, group) in enumerate(_curves(curves)):
        seen, said = calibration_curve(
            group["boolean_value"].to_numpy(),
            group["risk"].clip(0, 1).to_numpy(),
            n_bins=bins,
            strategy="quantile",
        )
        axes.plot(
            said,
            seen,
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
    """AUC on held-out patients by the number of training rows (patients, source, auc)."""
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
