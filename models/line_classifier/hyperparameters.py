"""Hyperparameters of the network, readable without transformers.

Importing transformers costs a worker process 120 MB and two seconds; `configuration.py` has the
same values as transformers saves them.
"""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from chartline.models.line_classifier.labels import LABELS


@dataclass
class Hyperparameters:
    """Sizes of the network and the names of its outputs.

    Attributes:
        hidden_size: length of a line's vector within the network.
        layers: number of Transformer layers.
        heads: attention heads of a layer.
        word_buckets: words are hashed to this many ids.
        gram_buckets: trigrams are hashed to this many ids.
        embedding_size: length of the vector of a word or trigram.
        features: number of features of a line, see `encoding.FEATURES`.
        distance_buckets: distances between lines are binned into this many.
        dropout: share of units dropped in training.
        confidence_temperature: the logits are divided by this before the softmax, so that the
            confidence is calibrated (Guo et al., 2017).
        text_encoder: folder of a pretrained text encoder in the place of hashed words, see
            `pretrained.py`.
        id2label: the label of each output.
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
        """From the values of a configuration; names that are no hyperparameter are ignored.

        >>> Hyperparameters.of({"id2label": {"0": "body"}, "dtype": "float16"}).id2label
        {0: 'body'}
        """
        names = {hyperparameter.name for hyperparameter in fields(cls)}
        known = {name: value for name, value in values.items() if name in names}
        if labels := known.get("id2label"):  # in JSON its keys are texts
            known["id2label"] = {int(number): label for number, label in labels.items()}
        return cls(**known)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """From the `config.json` of a folder, as transformers writes it.

        Raises:
            OSError: there is none, or it cannot be read.
            ValueError: it is not JSON.
            TypeError: it does not hold a configuration.
        """
        return cls.of(json.loads((folder / "config.json").read_text("utf-8")))

    def values(self) -> dict[str, Any]:
        """The hyperparameters by name; the inverse of `of`."""
        return asdict(self)
