"""The schema of every table: the only words that rooms share. Times are UTC in microseconds."""

import dataframely as dy

from chartline.core.tables.columns import UTC, cast_to, empty, types_of, validated
from chartline.core.tables.documents import UNKNOWN_LANGUAGE, Documents, Lines, Sections
from chartline.core.tables.history import Codes, EventFaults, Events, Splits
from chartline.core.tables.mentions import Mentions
from chartline.core.tables.risk import (
    CohortCounts,
    ConceptVectors,
    FeatureDictionary,
    FeatureRows,
    OnsetCurves,
    OnsetLearning,
    OnsetScores,
    OutcomeSynonyms,
    Predictions,
    VectorSubjects,
)
from chartline.core.tables.runs import Runs

CONTRACT = 3  # raised when a table's columns change; tables of another contract are not written
TABLES: dict[str, type[dy.Schema]] = {
    "documents": Documents,
    "lines": Lines,
    "sections": Sections,
    "mentions": Mentions,
    "events": Events,
    "event_faults": EventFaults,
    "codes": Codes,
    "splits": Splits,
    "concept_vectors": ConceptVectors,
    "vector_subjects": VectorSubjects,
    "features": FeatureRows,
    "feature_dictionary": FeatureDictionary,
    "predictions": Predictions,
    "onset_scores": OnsetScores,
    "onset_curves": OnsetCurves,
    "onset_learning": OnsetLearning,
    "outcome_synonyms": OutcomeSynonyms,
    "cohort_counts": CohortCounts,
    "runs": Runs,
}
OPEN = frozenset({"features"})  # tables with columns beyond those of their schema

__all__ = [
    "CONTRACT",
    "OPEN",
    "TABLES",
    "UNKNOWN_LANGUAGE",
    "UTC",
    "Codes",
    "CohortCounts",
    "ConceptVectors",
    "Documents",
    "EventFaults",
    "Events",
    "FeatureDictionary",
    "FeatureRows",
    "Lines",
    "Mentions",
    "OnsetCurves",
    "OnsetLearning",
    "OnsetScores",
    "OutcomeSynonyms",
    "Predictions",
    "Runs",
    "Sections",
    "Splits",
    "VectorSubjects",
    "cast_to",
    "empty",
    "types_of",
    "validated",
]
