"""Every setting of Chartline, by group: its type, default, bounds and meaning."""

import os
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(_Group):
    """What one document may cost before it, or the page being read, is given up."""

    document_seconds: float = Field(
        600, gt=0, description="Seconds for a document; pages left after that are not read."
    )
    page_seconds: float = Field(
        30, gt=0, description="Seconds for an engine to read one page, or to open the file."
    )
    ocr_seconds: float = Field(
        60, ge=0, description="Seconds to read one picture by OCR; 0 leaves scans unread."
    )
    memory_mb: int = Field(
        3000,
        ge=512,
        description="Megabytes of address space that a worker may add to what its models take; "
        "a document that needs more is given up, so that one file cannot exhaust the machine.",
    )
    pages: int = Field(
        3000, ge=1, description="Pages of a document; a longer one is quarantined unread."
    )
    file_mb: float = Field(
        200,
        gt=0,
        description="Megabytes (10^6 bytes) of a file; a larger one is quarantined "
        "unread, since a file is held in memory whole.",
    )
    megapixels: float = Field(
        12,
        gt=0,
        description="Size, in millions of pixels, to which a picture is scaled down "
        "before OCR: its time grows with them.",
    )


class ReadingSettings(_Group):
    """How documents are read."""

    engine: Literal["auto", "pdfium", "pdfplumber"] = Field(
        "auto",
        description="Reader of PDF pages. auto: pdfium, and pdfplumber for pages that pdfium "
        "cannot read or where it may have lost text.",
    )
    workers: int = Field(
        default_factory=lambda: max(1, min(os.cpu_count() or 1, 8)),
        ge=1,
        description="Processes that read side by side, each with its own models "
        "(some 560 MB of memory).",
        json_schema_extra={"default": "as many as the machine has cores, at most 8"},
    )
    limits: Limits = Limits()
    weights: Path | None = Field(
        None, description="Folder of the line classifier's weights; absent: the shipped ones."
    )
    terms: list[Path] = Field(
        default_factory=list,
        description="CSV files of one's own terms (columns term, code, vocabulary, language; an "
        "empty language stands for all). They are looked up before Chartline's; the first file "
        "that has a term counts.",
    )
    commit_every: int = Field(
        50,
        ge=1,
        description="Documents a commit of the tables. Fewer: less is read again after a kill; "
        "more: fewer small files.",
    )
    batch_pages: int = Field(
        600, ge=1, description="Pages, about, that one task of a Prefect flow reads."
    )
    alarm_share: float = Field(
        0.25,
        ge=0,
        le=1,
        description="Share of the documents just read above which quarantined ones make a "
        "Prefect flow fail: all is written by then.",
    )
    alarm_documents: int = Field(
        2,
        ge=0,
        description="Quarantined documents up to which a Prefect flow does not fail, whatever "
        "their share: of a handful read, any share is chance.",
    )


class EhrSettings(_Group):
    """How an EHR source is read where the source does not say so itself."""

    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Names of a plain CSV or Parquet file's columns, by ours: "
        '{subject_id = "PATNR", time = "DATE", code = "ICD"}.',
    )
    vocabulary: str | None = Field(
        None, description="Put before the codes of a plain file: ICD10 makes ICD10//I10 of I10."
    )
    time_format: str | None = Field(
        None,
        description="Format of a plain file's times, as in %d/%m/%Y; absent: ISO 8601.",
    )
    separator: str | None = Field(
        None,
        min_length=1,
        max_length=1,
        description="The character between the columns of a plain CSV file; absent: the commonest "
        "of comma, semicolon, tab and | in its header.",
    )
    documents: bool = Field(
        True, description="Whether mentions found in documents join the events."
    )
    loinc: Path | None = Field(
        None,
        description="CSV file with the columns code and loinc: events of measurements that "
        "documents name have the LOINC code instead of ours, as the EHR's have.",
    )
    shard_events: int = Field(
        5_000_000,
        ge=1000,
        description="Events held in memory at once; a larger source is read by ranges of "
        "patients, one range at a time.",
    )


class RollupSettings(_Group):
    """Codes to groups before anything is learned from them; the events table keeps the codes."""

    parents: bool = Field(
        False, description="Whether codes become the parents that the source's code table names."
    )
    diagnoses: Literal["none", "category", "ccs"] = Field(
        "none",
        description="ICD-9 and ICD-10 codes to their first three characters (category), or to "
        "the CCS (ICD-9) and CCSR (ICD-10) categories of AHRQ.",
    )
    drugs: Literal["none", "atc5", "atc4", "atc3", "atc2"] = Field(
        "none",
        description="ATC codes to a level: 5 is the substance (7 characters), then 5, 4 and "
        "3 characters.",
    )
    file: Path | None = Field(
        None,
        description="CSV file with the columns code and group; goes before the other rules.",
    )


class EmbeddingSettings(_Group):
    """How concept vectors are learned (arXiv 1602.03686, section 3)."""

    learner: Literal["ppmi", "skipgram", "counts"] = Field(
        "ppmi",
        description="ppmi: axes of the matrix of positive pointwise mutual information; "
        "skipgram: the paper's, by gensim; counts: plain co-occurrence counts.",
    )
    window_days: int = Field(
        30,
        ge=0,
        description="Days that two codes of a patient may lie apart to count as a pair; 0: the "
        "same encounter, or the same day where no encounter is known.",
    )
    decay_days: float | None = Field(
        None,
        gt=0,
        description="Days apart at which a pair counts half; absent: all count alike. "
        "Not for skipgram.",
    )
    dimensions: int = Field(32, ge=2, description="Length of a concept vector.")
    min_count: int = Field(
        5, ge=1, description="Occurrences that a code needs to get a vector: rarer ones are noise."
    )
    sample: float = Field(
        1e-3,
        ge=0,
        description="Share of all occurrences above which a code counts less, so that what "
        "everybody has does not drown the rest; 0: none counts less.",
    )
    epochs: int = Field(8, ge=1, description="Passes over the events; skipgram's.")
    context: int = Field(
        10, ge=1, description="Codes on either side, within the window, to predict; skipgram's."
    )
    negative: int = Field(
        10, ge=1, description="Codes drawn at random against each real pair; skipgram's."
    )
    workers: int = Field(
        1,
        ge=1,
        description="Threads of skipgram; with more than one, vectors differ from run to run.",
    )
    seed: int = Field(7, description="Of the random numbers; the same seed, the same vectors.")


Pool = Literal["presence", "sum", "mean", "recency", "frequency"]


class FeatureSettings(_Group):
    """What is known of a patient at a prediction time."""

    pools: list[Pool] = Field(
        ["presence"],
        min_length=1,
        description="How a patient's concept vectors become columns. presence: whether concepts "
        "of a group occur (see prototypes); sum, mean: of the vectors of the patient's codes; "
        "recency: a sum in which old events count less; frequency: one in which codes that are "
        "frequent in the whole source do.",
    )
    windows_days: list[int] = Field(
        default_factory=lambda: [1460],
        min_length=1,
        description="Look-back windows: days before the prediction time that are looked at.",
    )
    prototypes: int = Field(
        48, ge=2, description="Groups of concepts (k-means) whose presence is a column each."
    )
    half_life_days: float = Field(
        180.0, gt=0, description="Age in days at which an event counts half; recency's."
    )
    provisional: bool = Field(
        False,
        description="Whether events that are not certain, such as suspected diagnoses, are known.",
    )
    seed: int = Field(7, description="Of the random numbers that group the concepts.")


Classifier = Literal[
    "logistic regression",
    "multilayer perceptron",
    "support vector machine",
    "k nearest neighbours",
    "gradient boosting",
]
Death = Literal["excluded", "competing"]
Duplicates = Literal["stop", "first"]


class OnsetSettings(_Group):
    """What is predicted, and by what."""

    cohort: str = Field(
        "heart_failure",
        description="A cohort that comes with Chartline, or a YAML file in the syntax of ACES.",
    )
    classifiers: list[Classifier] = Field(
        default_factory=lambda: list(get_args(Classifier)),
        min_length=1,
        description="Compared on features made of concept vectors.",
    )
    baselines: list[Classifier] = Field(
        ["logistic regression", "gradient boosting"],
        description="Compared with them on raw, windowed, reduced (not trees) and grouped codes, "
        "and on vectors and grouped codes together. The best in folds of the training people is "
        "kept, whatever its input.",
    )
    seed: int = Field(
        7, description="Of the random numbers: splits, controls, folds and the bootstrap."
    )
    today: date | None = Field(
        None,
        description="Date at whose beginning patients are scored; later events are no events. "
        "Absent: the day after the record's end, which is the last day that ends a year in which "
        "1 % of the patients were last seen; events after the run's date are no events.",
    )
    death: Death = Field(
        "excluded",
        description="What a death without the outcome in the window of the label makes of a "
        "prediction time. excluded: neither case nor control; competing: a time without the "
        "outcome.",
    )
    min_follow_up: float = Field(
        1.0,
        ge=0,
        le=1,
        description="Share of the time from the prediction to the end of the label's window for "
        "which a record without the outcome must go on. Where it ends earlier the prediction time "
        "is censored: neither case nor control, and counted in `cohort_counts`. 1: the whole "
        "window; 0: none is censored, and a record that ends counts as no outcome.",
    )
    synonyms: list[str] = Field(
        default_factory=list,
        description="Patterns of codes, beside the cohort's own synonyms, that only patients with "
        "the outcome have: no feature knows them, and whoever has one has the outcome.",
    )
    left_out: list[str] = Field(
        default_factory=list,
        description="Patterns of codes (and groups of codes) that no feature may know, because "
        "they follow from the outcome or their dates are wrong.",
    )
    accepted: list[str] = Field(
        default_factory=list,
        description="Patterns of codes that a person has looked at: no guard stops for them, and "
        "none is taken for the outcome.",
    )
    duplicates: Duplicates = Field(
        "stop",
        description="What a patient under two ids does where one of them is in training and the "
        "other held out. stop: ends the run; first: only the lowest of such ids is learned from, "
        "evaluated and scored.",
    )


class Settings(_Group):
    """Everything a run depends on."""

    reading: ReadingSettings = ReadingSettings()
    ehr: EhrSettings = EhrSettings()
    rollup: RollupSettings = RollupSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    features: FeatureSettings = FeatureSettings()
    onset: OnsetSettings = OnsetSettings()
    tables: str | None = Field(
        None,
        pattern=r"^[a-z0-9]+://[^/]",
        description="Address (s3://, abfss:// or gs://) below which the tables are written "
        "instead of in OUT; OUT remembers it.",
    )
    keep_days: int = Field(
        30, ge=0, description="Days for which old versions of the tables are kept."
    )
    night_overdue_hours: float = Field(
        48,
        ge=0,
        description="Hours since the end of the last finished night (a run of the flow "
        "`documents`) above which `chartline show` and the log of the next night warn: twice the "
        "interval of its schedule. 0: no warning.",
    )
    report_pages: int = Field(
        150, ge=0, description="Pages shown in the report, at most: it is one file to be opened."
    )
