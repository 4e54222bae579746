"""The shape of the line classifier."""

from typing import Any

from transformers import PretrainedConfig

from models.line_classifier.labels import LABELS


class LineClassifierConfig(PretrainedConfig):
    """Hyperparameters. Sizes count units; `confidence_temperature` divides the logits so that confidence is calibrated;
    `text_encoder` is the folder of a pretrained encoder in the place of the hashed words (models.line_classifier.pretrained).
    """

    model_type = "chartline-line-classifier"

    def __init__(
        self,
        hidden_size: int = 128,
        layers: int = 4,
        heads: int = 4,
        word_buckets: int = 32768,
        gram_buckets: int = 8192,
        embedding_size: int = 64,
        features: int = 43,
        distance_buckets: int = 32,
        dropout: float = 0.1,
        confidence_temperature: float = 1.0,
        text_encoder: str | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("id2label", dict(enumerate(LABELS)))
        kwargs.setdefault("label2id", {label: index for index, label in enumerate(LABELS)})
        super().__init__(**kwargs)
        self.hidden_size = hidden_size
        self.layers = layers
        self.heads = heads
        self.word_buckets = word_buckets
        self.gram_buckets = gram_buckets
        self.embedding_size = embedding_size
        self.features = features
        self.distance_buckets = distance_buckets
        self.dropout = dropout
        self.confidence_temperature = confidence_temperature
        self.text_encoder = text_encoder
