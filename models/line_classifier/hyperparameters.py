"""The shape of the line classifier, without the library that it is saved by: importing that costs a worker 120 MB."""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from chartline.models.line_classifier.labels import LABELS


@dataclass
class Hyperparameters:
    """Hyperparameters. Sizes count units; `confidence_temperature` divides the logits so that confidence is calibrated;
    `text_encoder` is the folder of a pretrained encoder in the place of the hashed words (models.line_classifier.pretrained).
    """

    hidden_size: int = 128
    layers: int = 4
    heads: int = 4
    word_buckets: int = 32768
    gram_buckets: int = 8192
    embedding_size: int = 64
    features: int = 43
    distance_buckets: int = 32
    dropout: float = 0.1
    confidence_temperature: float = 1.0
    text_encoder: str | None = None
    id2label: dict[int, str] = field(default_factory=lambda: dict(enumerate(LABELS)))

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """From what a configuration holds, which may be more; JSON makes texts of the labels' numbers."""
        known = {
            column.name: values[column.name] for column in fields(cls) if column.name in values
        }
        labels = known.get("id2label")
        return cls(
            **known
            | ({"id2label": {int(at): label for at, label in labels.items()}} if labels else {})
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """From `config.json` as transformers writes it. Raises OSError, ValueError or TypeError where it is none."""
        return cls.of(json.loads((folder / "config.json").read_text("utf-8")))

    def values(self) -> dict[str, Any]:
        """The inverse of `of`."""
        return asdict(self)
