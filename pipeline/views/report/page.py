"""Tables to OUT/report/index.html."""

import base64
import os
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import polars as pl
from markupsafe import Markup

from chartline.core.errors import ChartlineError, UsageError
from chartline.core.paths import real_path
from chartline.core.settings import Settings
from chartline.mentions.names import names_of_codes
from chartline.risk import cohort, embeddings
from chartline.store import Store
from chartline.views import page_pictures, summary
from chartline.views.marking import LABEL_COLOURS, marked
from chartline.views.report import plots

Tell = Callable[[str, int, int], None]


def write(store: Store, docs: Path | None, settings: Settings, tell: Tell) -> Path:
    """Writes the report and returns its path. `docs` is the folder of PDFs, by default the last run's.

    Raises:
        UsageError: there are no tables. ChartlineError: the report cannot be written.
    """
    documents = store.read("documents")
    if documents.is_empty() and not store.has("events"):
        raise UsageError(f"{store.root}: no table here yet; run `chartline run` first")
    folder = docs or Path(store.note("source") or ".")
    values = {
        "counts": summary.counts(store).rows(),
        "statuses": summary.statuses(documents).rows() if len(documents) else [],
        "troubled": summary.troubled(documents).rows(),
        "labels": _labels(store),
        "colours": LABEL_COLOURS,
        "documents": _documents(store, documents, folder, settings, tell),
        **_learned(store, settings),
    }
    source = (resources.files(__package__) / "page.html").read_text("utf-8")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return _save(
        store.root / "report" / "index.html", environment.from_string(source).render(values)
    )


def _save(file: Path, text: str) -> Path:
    try:
        file.parent.mkdir(exist_ok=True, mode=0o700)
        fresh = file.with_suffix(".new")
        fresh.write_text(text, "utf-8")
        fresh.replace(file)
    except OSError as error:
        raise ChartlineError(
            f"{file}: cannot be written ({os.strerror(error.errno or 0)})"
        ) from None
    return file


def _labels(store: Store) -> list[tuple[Any, ...]]:
    return summary.label_shares(store.read("lines", ["label"])).rows() if store.has("lines") else []


def _documents(
    store: Store, documents: pl.DataFrame, folder: Path, settings: Settings, tell: Tell
) -> list[dict[str, Any]]:
    """What the page shows of each document: `shown` pages of it, up to `settings.report_pages` in all."""
    readable = documents.filter(pl.col("pages") > 0, pl.col("status") != "quarantined").sort("path")
    room = pl.lit(settings.report_pages) - pl.col("pages").cum_sum() + pl.col("pages")
    shown = readable.with_columns(shown=pl.min_horizontal("pages", room)).filter(
        pl.col("shown") > 0
    )
    if shown.is_empty():
        return []
    asked = {
        row["document_id"]: (folder / real_path(row["path"]), row["shown"])
        for row in shown.to_dicts()
    }
    tell("report pages", 0, len(asked))
    pictures = page_pictures.render(
        asked,
        settings.reading.workers,
        settings.reading.limits.memory_mb,
        lambda done: tell("report pages", done, len(asked)),
    )
    names = pl.Series(list(asked), dtype=pl.String).implode()
    tables = {
        name: store.read(name).filter(pl.col("document_id").is_in(names))
        for name in ("lines", "sections", "mentions")
    }
    parts = {
        name: frame.partition_by("document_id", as_dict=True) for name, frame in tables.items()
    }
    empty = {name: frame.clear() for name, frame in tables.items()}
    return [
        _document(
            row,
            pictures.get(row["document_id"], []),
            {name: parts[name].get((row["document_id"],), empty[name]) for name in parts},
        )
        for row in shown.to_dicts()
    ]


def _document(
    row: dict[str, Any], pictures: list[bytes], tables: dict[str, pl.DataFrame]
) -> dict[str, Any]:
    lines = tables["lines"].sort("page", "line")
    pages = []
    for number in range(1, row["shown"] + 1):
        mine = lines.filter(pl.col("page") == number)
        width, height = (
            (mine["page_width"][0], mine["page_height"][0]) if len(mine) else (595.0, 842.0)
        )
        picture = base64.b64encode(pictures[number - 1]).decode() if number <= len(pictures) else ""
        pages.append(
            {
                "number": number,
                "width": width,
                "height": height,
                "picture": picture,
                "lines": mine.to_dicts(),
            }
        )
    mentions = tables["mentions"]
    sections = [
        {
            **section,
            "marked": marked(
                section, mentions.filter(pl.col("section") == section["section"]).to_dicts()
            ),
        }
        for section in tables["sections"].sort("section").to_dicts()
    ]
    return {**row, "page_list": pages, "sections": sections}


def _learned(store: Store, settings: Settings) -> dict[str, Any]:
    values: dict[str, Any] = {}
    names = names_of_codes(store.read("codes") if store.has("codes") else None)
    if store.has("concept_vectors") and len(vectors := store.read("concept_vectors")) > 1:
        codes = embeddings.telling_codes(vectors, cohort.load(settings.onset.cohort).outcome)
        values["neighbours"] = [
            (code, names.get(code, ""), embeddings.neighbours(vectors, code, 6, names).rows())
            for code in codes
        ]
        values["map"] = Markup(plots.concept_map(vectors, names))
        values["judged"] = summary.vector_quality(summary.evaluate_vectors(store, settings)).rows()
    if (scores := summary.scores(store)) is not None:
        curves = store.read("onset_curves")
        plain = curves.filter(pl.col("model") == "logistic regression")
        shown = plain if len(plain) else curves
        values["scores"], values["question"] = (
            scores.to_dicts(),
            cohort.load(settings.onset.cohort).description,
        )
        values["roc"], values["calibration"] = (
            Markup(plots.roc(shown)),
            Markup(plots.calibration(shown)),
        )
        values["learning"] = Markup(plots.learning(store.read("onset_learning")))
        told = (
            store.read("outcome_synonyms")
            .sort("carriers", "code", descending=[True, False])["code"]
            .to_list()
        )
        values["synonyms"] = [f"{names.get(code, '')} {code}".strip() for code in told[:12]]
    if store.has("feature_dictionary"):
        values["dictionary"] = store.read("feature_dictionary").rows()
    return values
