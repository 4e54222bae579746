"""Every knob, one typed model. A file is overruled by the environment, the environment by a flag."""

import json
import os
import tomllib
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chartline.core.errors import UsageError

PREFIX = "CHARTLINE_"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(_Model):
    """What one document may cost before it, or the page in hand, is given up."""

    document_seconds: float = Field(
        600, gt=0, description="after them the pages that are left are not read"
    )
    page_seconds: float = Field(
        30, gt=0, description="for an engine to read one page, or to open the file"
    )
    ocr_seconds: float = Field(60, ge=0, description="for one picture; 0 leaves scans unread")
    memory_mb: int = Field(
        3000, ge=512, description="address space a worker may add while it reads a document"
    )
    pages: int = Field(3000, ge=1)
    file_mb: float = Field(200, gt=0)
    megapixels: float = Field(12, gt=0, description="of a picture that is given to OCR")


class ReadingSettings(_Model):
    """How documents are read."""

    engine: Literal["auto", "pdfium", "pdfplumber"] = "auto"
    workers: int = Field(default_factory=lambda: max(1, min(os.cpu_count() or 1, 8)), ge=1)
    limits: Limits = Limits()
    weights: Path | None = Field(
        None, description="folder of the line classifier; the shipped one when absent"
    )
    commit_every: int = Field(50, ge=1, description="documents a Delta commit")
    batch_pages: int = Field(600, ge=1, description="pages, about, of one task of a flow")
    alarm_share: float = Field(
        0.25, ge=0, le=1, description="of quarantined documents, above which a flow fails"
    )


class EhrSettings(_Model):
    """How an EHR source is read where it does not say so itself."""

    columns: dict[str, str] = Field(
        default_factory=dict,
        description="of a plain CSV or Parquet file: subject_id, time, code, … -> the file's column",
    )
    vocabulary: str | None = Field(
        None, description="put before a plain file's codes: ICD10 -> ICD10//I10"
    )
    time_format: str | None = Field(
        None, description="of a plain file's times, as in %d/%m/%Y; ISO 8601 when absent"
    )
    separator: str = Field(",", min_length=1, max_length=1)
    documents: bool = Field(True, description="facts from documents join the events")
    shard_events: int = Field(5_000_000, ge=1000, description="events held in memory at once")


class RollupSettings(_Model):
    """Codes to groups before anything is learned from them; the events table keeps the codes."""

    parents: bool = Field(
        False, description="codes to the parents that the source's code table names"
    )
    diagnoses: Literal["none", "category", "ccs"] = Field(
        "none", description="ICD-9/10 to 3 characters, or to CCS (ICD-9), CCSR (ICD-10)"
    )
    drugs: Literal["none", "atc5", "atc4", "atc3", "atc2"] = Field(
        "none", description="ATC to its 5, 4, 3 or 1 first characters' level"
    )
    file: Path | None = Field(
        None, description="CSV with the columns code, group; goes before the others"
    )


class EmbeddingSettings(_Model):
    """How concept vectors are learned (arXiv 1602.03686, section 3)."""

    learner: Literal["ppmi", "skipgram", "counts"] = "ppmi"
    window_days: int = Field(
        30, ge=0, description="0: the same encounter, or day where no encounter is known"
    )
    decay_days: float | None = Field(
        None, gt=0, description="a pair this far apart counts half; not for skip-gram"
    )
    dimensions: int = Field(32, ge=2)
    min_count: int = Field(5, ge=1)
    sample: float = Field(
        1e-3,
        ge=0,
        description="codes with a larger share of all occurrences count less; 0: none does",
    )
    epochs: int = Field(8, ge=1, description="skip-gram's")
    context: int = Field(10, ge=1, description="skip-gram's: codes on either side within a window")
    negative: int = Field(10, ge=1, description="skip-gram's")
    workers: int = Field(
        1,
        ge=1,
        description="skip-gram's threads; with more than one, vectors differ from run to run",
    )
    seed: int = 7


Pool = Literal["presence", "sum", "mean", "recency", "frequency"]


class FeatureSettings(_Model):
    """What is known of a patient at a prediction time. Lengths are in days."""

    pools: list[Pool] = Field(["presence"], min_length=1)
    windows_days: list[int] = Field(
        default_factory=lambda: [1460], min_length=1, description="look-back windows"
    )
    prototypes: int = Field(48, ge=2, description="groups of concepts whose presence is told")
    half_life_days: float = Field(180.0, gt=0, description="recency: an event this old counts half")
    seed: int = 7


Classifier = Literal[
    "logistic regression",
    "multilayer perceptron",
    "support vector machine",
    "k nearest neighbours",
    "gradient boosting",
]


class OnsetSettings(_Model):
    """What is predicted, and by what."""

    cohort: str = Field(
        "heart_failure",
        description="a cohort that comes with Chartline, or a YAML file in ACES's syntax",
    )
    classifiers: list[Classifier] = Field(
        default_factory=lambda: list(get_args(Classifier)), min_length=1
    )
    baselines: list[Classifier] = Field(
        ["logistic regression", "k nearest neighbours"],
        description="also tried on raw and grouped codes (thousands of columns: the others take minutes)",
    )
    seed: int = 7


class Settings(_Model):
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
        description="s3://, abfss:// or gs:// address of the tables, when they are not to lie in OUT; OUT remembers it",
    )
    keep_days: int = Field(30, ge=0, description="old versions of tables are kept so long")
    report_pages: int = Field(150, ge=0, description="pages shown in the report at most")


def load(file: Path | None = None, flags: dict[str, Any] | None = None) -> Settings:
    """Settings from a TOML file, `CHARTLINE_SECTION__KEY` variables and flags such as `{"reading.engine": "pdfium"}`.

    Raises:
        UsageError: the file cannot be read, or a knob is unknown or out of range.
    """
    values: dict[str, Any] = {}
    if file is not None:
        try:
            values = tomllib.loads(file.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"{file}: not a readable TOML file ({type(error).__name__})") from None
    for name, value in os.environ.items():
        if name.startswith(PREFIX):
            _put(values, name[len(PREFIX) :].lower().split("__"), _listed(value))
    for name, value in (flags or {}).items():
        if value is not None:
            _put(values, name.split("."), value)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"setting {where}: {first['msg']}") from None


def _listed(value: str) -> Any:
    """A list or table in the environment is written as JSON."""
    if not value.startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _put(values: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        inner = values.setdefault(part, {})
        if not isinstance(inner, dict):
            raise UsageError(f"setting {'.'.join(path)}: {part} is not a group of settings")
        values = inner
    values[path[-1]] = value
