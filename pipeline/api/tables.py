"""The tables that a run has written, by name."""

import difflib
from collections.abc import Collection

import polars as pl

from chartline.api.arguments import AnyPath, Time, language_code, path_of, utc_time
from chartline.core.errors import UsageError
from chartline.core.settings import OnsetSettings
from chartline.core.tables import TABLES
from chartline.exports.meds import MedsTables, meds_tables
from chartline.store import Store

FEATURES = "features"
_COMMANDS = {  # what writes a table; `chartline run` writes all
    "events": "chartline events EHR --out OUT",
    "event_faults": "chartline events EHR --out OUT",
    "codes": "chartline events EHR --out OUT (an EHR that says what its codes mean)",
    "splits": "chartline events EHR --out OUT (an EHR that has splits)",
    "concept_vectors": "chartline embed OUT",
    "vector_subjects": "chartline embed OUT",
    "features": "chartline features OUT",
    "feature_dictionary": "chartline features OUT",
    "outcome_synonyms": "chartline features OUT",
    "cohort_counts": "chartline features OUT",
    "predictions": "chartline onset OUT",
    "onset_scores": "chartline onset OUT",
    "onset_curves": "chartline onset OUT",
    "onset_learning": "chartline onset OUT",
}
_WHOLE_RUN = "chartline run DOCS --out OUT"


class NoTableError(UsageError, AttributeError):
    """A table is not there; an AttributeError too, so that `hasattr` and `getattr` work."""


class Tables:
    """The tables in a folder; each is an attribute, a polars LazyFrame that reads when collected.

    `dir(tables)` lists those that are written. Their columns are in docs/reference/tables.md;
    rows come in any order.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> pl.LazyFrame:
        if name.startswith("_"):  # what notebooks and copy ask for
            raise AttributeError(name)
        if name not in TABLES:
            near = difflib.get_close_matches(name, TABLES, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; tables are {', '.join(TABLES)}"
            raise NoTableError(f"there is no table {name!r}{hint}")
        if not self._store.has(name):
            command = _COMMANDS.get(name, _WHOLE_RUN)
            raise NoTableError(
                f"{self._store.root}: no table {name!r} yet; it is written by `{command}`"
            )
        return self._store.lazy(name)

    def __dir__(self) -> list[str]:
        return [*self._written(), "meds", "phenotype", "search", "training"]

    def __repr__(self) -> str:
        return f"<Tables in {str(self._store.root)!r}: {', '.join(self._written()) or 'none yet'}>"

    def _written(self) -> list[str]:
        return [name for name in TABLES if self._store.has(name)]

    def training(
        self, table: str = FEATURES, split: str = "train"
    ) -> tuple[pl.DataFrame, pl.Series]:
        """Inputs and outcomes to fit a model with, or to test one.

        Args:
            table: `features`, the one table that holds outcomes.
            split: `train`, or `held_out` for the subjects that no model of this folder has seen.

        Returns:
            X: a row a subject and prediction time (ordered by both), the columns that a model may
                use: neither keys nor the outcome nor the split. Units are in `feature_dictionary`.
            y: whether the outcome came, boolean, in the order of X. Subjects whose outcome is not
                known are left out.

        Raises:
            UsageError: the table is another one or not written yet, or has no such split.
        """
        from chartline.risk.inputs import columns_of

        if table != FEATURES:
            raise UsageError(f"training: {table!r} holds no outcomes; {FEATURES!r} does")
        frame = getattr(self, table).collect().sort("subject_id", "prediction_time")
        splits = frame.drop_nulls("boolean_value")["split"].unique().sort().to_list()
        if split not in splits:
            raise UsageError(f"training: no split {split!r}; there are {', '.join(splits)}")
        rows = frame.filter(pl.col("split") == split).drop_nulls("boolean_value")
        return rows.select(columns_of(frame)), rows["boolean_value"]

    def meds(self) -> MedsTables:
        """Events, codes, splits, labels and predictions as Arrow tables in the types of MEDS 0.4.

        Subjects that the source gives no split are `train` where they shaped the concept vectors,
        else `held_out`. Without predictions, `labels` and `predictions` have no rows. All is held
        in memory.

        Raises:
            UsageError: there are no events yet.
        """
        events = self.events.collect()
        codes, predictions = self._store.read("codes"), self._store.read("predictions")
        return meds_tables(events, codes, self._splits(events), predictions)

    def phenotype(self, name: AnyPath) -> pl.DataFrame:
        """Which documents show a phenotype, by their facts in their sections.

        Args:
            name: `acute_infection`, `diabetes`, `heart_failure` or `smoking`, or a YAML file of
                one's own (docs/phenotypes.md).

        Returns:
            A row a document that has sections: `document_id`, `present` (null where no section is
                in a language that is read) and `evidence`, the mentions that say so.

        Raises:
            UsageError: there is no such phenotype, or a table is not written yet.
        """
        from chartline.mentions.phenotypes import declaring, judging

        phenotype = declaring.load(name if isinstance(name, str) else path_of(name, "name"))
        return judging.judge(phenotype, self.sections.collect(), self.mentions.collect())

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        patient: str | None = None,
        kind: str | None = None,
        language: str | None = None,
        since: Time | None = None,
        until: Time | None = None,
        document_kind: str | None = None,
        path: str | None = None,
        include: Collection[str] = (),
    ) -> pl.DataFrame:
        """Sections by words or codes, ranked by BM25.

        Words match by their stem in the section's language (de, en, es, fr, it, nl, pt; in others
        as they are), whatever their accents and case. `"a phrase"` matches in order, and
        `code:ICD10//I50` mentions of that code and those below it; `-` before any of them leaves
        sections out. All parts of a query must match. The first search makes an index beside the
        tables, one after a run brings it up to date.

        Args:
            query: the words, phrases and codes.
            limit: hits to give, at most.
            patient: only of this patient.
            kind: only sections of this kind.
            language: only sections in this language.
            since: only of documents written on this day or later.
            until: only of documents written on this day or earlier.
            document_kind: only of documents of this kind.
            path: only of this document or folder, below the folder of documents.
            include: for codes, mentions too that are `negated`, `hypothetical` or of the `family`.

        Returns:
            A row a hit, the best first: document_id, path, patient_id, document_kind, written_at,
                section, kind, title, text, language, page (of the first highlight), score,
                highlights and title_highlights (`begin` and `end` of what was found, characters
                of `text` and `title`), snippet (`begin` and `end` of the stretch to show).

        Raises:
            UsageError: the query or an argument cannot be read, or there are no sections.
            ChartlineError: the index cannot be written.
        """
        from chartline.api.searching import search

        first, last = (utc_time(one, name) for one, name in ((since, "since"), (until, "until")))
        return search(
            self._store,
            query,
            limit,
            patient=patient,
            kind=kind,
            language=language_code(language),
            since=first.date() if first else None,
            until=last.date() if last else None,
            document_kind=document_kind,
            path=path,
            include=frozenset([include] if isinstance(include, str) else include),
        )

    def _splits(self, events: pl.DataFrame) -> pl.DataFrame:
        """subject_id, split: as the source says, else as the stages that learn have used them."""
        from chartline.risk.splits import HELD_OUT, TRAIN, splits_of

        declared = self._store.read("splits")
        if self._store.has("vector_subjects"):
            learned = self._store.read("vector_subjects").with_columns(split=pl.lit(TRAIN))
            subjects = events.select("subject_id").unique()
            used = subjects.join(learned, on="subject_id", how="left").fill_null(HELD_OUT)
        else:
            used = splits_of(events, declared if len(declared) else None, OnsetSettings().seed)
        both = used.join(declared, on="subject_id", how="left", suffix="_declared")
        return both.select("subject_id", split=pl.coalesce("split_declared", "split"))


def open(out: AnyPath) -> Tables:
    """Opens the tables of a folder that `chartline run` or another command has written.

    Args:
        out: the folder.

    Returns:
        The tables by name: `chartline.open("out").lines` is a LazyFrame.

    Raises:
        UsageError: there is no such folder, or its tables were written by a version of Chartline
            whose tables have other columns.
    """
    folder = path_of(out, "out")
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; `{_WHOLE_RUN}` makes it")
    return Tables(Store(folder))
