"""A Transformer over the lines of a page, with attention biased by where lines are to each other.

Compare arXiv 2305.13817, whose model also labels the lines of one page at a time.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from chartline.models.line_classifier.hyperparameters import Hyperparameters
from chartline.models.line_classifier.layers import PageBias, TransformerLayer

_WAVELENGTHS = 6  # of the sines and cosines that encode a coordinate, each half the one before
_EMBEDDING_STD = 0.01  # small, so that a word that training never saw adds next to nothing
_LABEL_SMOOTHING = 0.02


@dataclass
class Batch:
    """N lines with W words and G trigrams in all, page after page.

    Attributes:
        words: ids of the words of all lines, W; 0 is no word.
        word_at: where each line's words begin in `words`, N.
        grams: ids of the trigrams of all lines, G; 0 is no trigram.
        gram_at: where each line's trigrams begin in `grams`, N.
        first: id of each line's first word, N.
        last: id of each line's last word, N.
        features: N x features.
        boxes: left, top, right, bottom as shares of the page's width and height, N x 4.
        page: the number of each line's page, from 0, N.
        texts: the text of each line, N.
        labels: the class number of each line, N; -100 where it has none.
    """

    words: Tensor
    word_at: Tensor
    grams: Tensor
    gram_at: Tensor
    first: Tensor
    last: Tensor
    features: Tensor
    boxes: Tensor
    page: Tensor
    texts: tuple[str, ...]
    labels: Tensor | None = None


@dataclass
class LineOutput:
    """What the network returns.

    Attributes:
        logits: N x labels, before the confidence temperature.
        loss: mean cross entropy over the lines with a label; None where no labels were given.
    """

    logits: Tensor
    loss: Tensor | None = None


class TextEncoder(nn.Module):
    """The text of a line as a vector.

    The mean over its words, the mean over its trigrams, its first and its last word.
    """

    def __init__(self, config: Hyperparameters) -> None:
        super().__init__()
        size = config.embedding_size
        self.words = nn.EmbeddingBag(config.word_buckets, size, mode="mean")
        self.grams = nn.EmbeddingBag(config.gram_buckets, size, mode="mean")
        self.ends = nn.Embedding(config.word_buckets, size // 2)
        for bag in (self.words, self.grams):
            nn.init.normal_(bag.weight, std=_EMBEDDING_STD)
        self.output_size = 3 * size

    def forward(self, batch: Batch) -> Tensor:
        """N lines to N x output_size."""
        words = self.words(batch.words, batch.word_at)
        grams = self.grams(batch.grams, batch.gram_at)
        return torch.cat([words, grams, self.ends(batch.first), self.ends(batch.last)], dim=-1)


class Network(nn.Module):
    """Labels every line of a page from its text, features and box, and those of the other lines."""

    config: Hyperparameters

    def __init__(self, config: Hyperparameters) -> None:
        nn.Module.__init__(self)
        self.config = config
        self.build(config)

    def build(self, config: Hyperparameters) -> None:
        """Makes the layers; torch draws their first weights."""
        self.text = _pretrained(config.text_encoder) if config.text_encoder else TextEncoder(config)
        size = self.text.output_size + config.features + 4 + 2 * 4 * _WAVELENGTHS
        self.project = nn.Sequential(
            nn.Linear(size, config.hidden_size),
            nn.GELU(),
            nn.Linear(config.hidden_size, config.hidden_size),
        )
        self.bias = PageBias(config)
        self.layers = nn.ModuleList(TransformerLayer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.hidden_size)
        self.classify = nn.Linear(config.hidden_size, len(config.id2label))

    def forward(self, batch: Batch) -> LineOutput:
        """The logits of N lines, and the loss where the batch has labels."""
        place = _sinusoids(batch.boxes)
        lines = self.project(torch.cat([self.text(batch), batch.features, place], dim=-1))
        biases = self.bias(batch.boxes, torch.bincount(batch.page).tolist())
        for layer in self.layers:
            lines = layer(lines, biases)
        logits = self.classify(self.norm(lines))
        if batch.labels is None:
            return LineOutput(logits)
        loss = F.cross_entropy(logits, batch.labels, label_smoothing=_LABEL_SMOOTHING)
        return LineOutput(logits, loss)


def _sinusoids(boxes: Tensor) -> Tensor:
    """Boxes (N x 4) with sines and cosines of each coordinate: N x (4 + 8 * _WAVELENGTHS)."""
    frequencies = math.pi * 2.0 ** torch.arange(_WAVELENGTHS, device=boxes.device)
    angles = boxes[:, :, None] * frequencies
    return torch.cat([boxes, angles.sin().flatten(1), angles.cos().flatten(1)], dim=-1)


def _pretrained(folder: str) -> Any:
    # imports transformers, which the classifier of the package does without
    from chartline.models.line_classifier.pretrained import PretrainedTextEncoder

    return PretrainedTextEncoder(folder)
