"""Every knob, one typed model. A file is overruled by the environment, the environment by a flag."""

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import UsageError

PREFIX = "CHARTLINE_"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limits(_Model):
    """What one document may cost before it, or the page in hand, is given up."""

    document_seconds: float = Field(600, gt=0, description="after them the pages that are left are not read")
    page_seconds: float = Field(30, gt=0, description="for an engine to read one page, or to open the file")
    ocr_seconds: float = Field(60, ge=0, description="for one picture; 0 leaves scans unread")
    memory_mb: int = Field(3000, ge=512, description="address space a worker may add while it reads a document")
    pages: int = Field(3000, ge=1)
    file_mb: float = Field(200, gt=0)
    megapixels: float = Field(12, gt=0, description="of a picture that is given to OCR")


class Reading(_Model):
    """How documents are read."""

    engine: Literal["auto", "pdfium", "pdfplumber"] = "auto"
    workers: int = Field(default_factory=lambda: max(1, min(os.cpu_count() or 1, 8)), ge=1)
    limits: Limits = Limits()
    weights: Path | None = Field(None, description="folder of the line classifier; the shipped one when absent")
    commit_every: int = Field(50, ge=1, description="documents a Delta commit")


class Embedding(_Model):
    """How concept vectors are learned (arXiv 1602.03686, section 3)."""

    window_days: int = Field(30, ge=0)
    dimensions: int = Field(64, ge=2)
    epochs: int = Field(8, ge=1)
    min_count: int = Field(5, ge=1)
    context: int = Field(10, ge=1, description="codes on either side within a window")
    negative: int = Field(10, ge=1)
    seed: int = 7


class Onset(_Model):
    """Who is followed, what is predicted, from when to when. Lengths are in days."""

    outcome: list[str] = Field(default_factory=lambda: ["ICD10//I50", "ICD10//I11.0", "ICD10//I13"])
    history_days: int = Field(365, ge=0, description="record needed before the observation window may count")
    observation_days: int = Field(730, ge=1)
    gap_days: int = Field(30, ge=0)
    prediction_days: int = Field(365, ge=1)
    controls: int = Field(4, ge=1)
    half_life_days: float = Field(180.0, gt=0, description="an event this old counts half")
    seed: int = 7


class Settings(_Model):
    """Everything a run depends on."""

    reading: Reading = Reading()
    embedding: Embedding = Embedding()
    onset: Onset = Onset()
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
            _put(values, name[len(PREFIX) :].lower().split("__"), value)
    for name, value in (flags or {}).items():
        if value is not None:
            _put(values, name.split("."), value)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"setting {where}: {first['msg']}") from None


def _put(values: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        inner = values.setdefault(part, {})
        if not isinstance(inner, dict):
            raise UsageError(f"setting {'.'.join(path)}: {part} is not a group of settings")
        values = inner
    values[path[-1]] = value
