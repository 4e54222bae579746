"""What the report shows of concept vectors and onset risk: plots, scores, neighbours."""

from typing import Any

import polars as pl
from markupsafe import Markup

from chartline.core.settings import Settings
from chartline.mentions.names import names_of_codes
from chartline.risk import tasks
from chartline.risk.neighbours import example_codes, neighbours
from chartline.risk.onset import LOGISTIC
from chartline.store import Store
from chartline.views import summary
from chartline.views.report import plots

_NEIGHBOURS = 6  # a code: what a card of the report has room for
_SYNONYMS = 12  # shown; the table outcome_synonyms has all


def concepts_of(store: Store, settings: Settings) -> dict[str, Any]:
    """The template's values for concept vectors; none where there are fewer than two."""
    if not store.has("concept_vectors") or len(vectors := store.read("concept_vectors")) < 2:
        return {}
    names = _names(store)
    codes = example_codes(vectors, tasks.load(settings.onset.cohort).outcome)
    return {
        "neighbours": [
            (
                code,
                names.get(code, ""),
                neighbours(vectors, code, _NEIGHBOURS, names).rows(),
            )
            for code in codes
        ],
        "map": Markup(plots.concept_map(vectors, names)),
        "judged": summary.vector_quality(summary.evaluate_vectors(store, settings)).rows(),
    }


def onset_of(store: Store, settings: Settings) -> dict[str, Any]:
    """The template's values for onset risk; none where there are no scores."""
    if (scores := summary.scores(store)) is None:
        return {}
    curves = store.read("onset_curves")
    logistic = curves.filter(pl.col("model") == LOGISTIC)
    shown = logistic if len(logistic) else curves
    return {
        "scores": scores.to_dicts(),
        "kept": summary.kept(scores),
        "population": summary.population(store),
        "question": tasks.load(settings.onset.cohort).description,
        "roc": Markup(plots.roc(shown)),
        "calibration": Markup(plots.calibration(shown)),
        "learning": Markup(plots.learning(store.read("onset_learning"))),
    }


def cohort_of(store: Store) -> dict[str, Any]:
    """The template's values for who is in the cohort, and for codes that tell the outcome."""
    names = _names(store)
    synonyms = summary.synonyms(store)
    return {
        "cohort": summary.cohort_counts(store).rows(),
        "synonyms": [
            (f"{names.get(code, '')} {code}".strip(), why, carriers, share, taken_out)
            for code, why, carriers, share, taken_out in synonyms.head(_SYNONYMS).rows()
        ],
        "synonyms_in_all": len(synonyms),
    }


def dictionary_of(store: Store) -> dict[str, Any]:
    """The template's values for what the columns of the table features mean."""
    if not store.has("feature_dictionary"):
        return {}
    return {"dictionary": store.read("feature_dictionary").rows()}


def _names(store: Store) -> dict[str, str]:
    return names_of_codes(store.read("codes") if store.has("codes") else None)
