"""A Transformer over the lines of a page, with attention biased by where lines stand to each other."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from chartline.models.line_classifier.hyperparameters import Hyperparameters

_WAVES = 6
_STEPS = 256  # of a page's width or height: the grain of distances


@dataclass
class Batch:
    """N lines, page after page; `page` numbers each line's from 0."""

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
    """`logits`: N x labels, before the temperature; `loss`: mean cross entropy where labels were given."""

    logits: Tensor
    loss: Tensor | None = None


class TextEncoder(nn.Module):
    """Means over hashed words and letter triples, and the first and the last word by themselves."""

    def __init__(self, config: Hyperparameters) -> None:
        super().__init__()
        size = config.embedding_size
        self.words = nn.EmbeddingBag(config.word_buckets, size, mode="mean")
        self.grams = nn.EmbeddingBag(config.gram_buckets, size, mode="mean")
        self.ends = nn.Embedding(config.word_buckets, size // 2)
        for bag in (self.words, self.grams):  # a word that training never saw must say nothing
            nn.init.normal_(bag.weight, std=0.01)
        self.output_size = 3 * size

    def forward(self, batch: Batch) -> Tensor:
        words = self.words(batch.words, batch.word_at)
        grams = self.grams(batch.grams, batch.gram_at)
        return torch.cat([words, grams, self.ends(batch.first), self.ends(batch.last)], dim=-1)


class PageBias(nn.Module):
    """Attention bias from the distances between two lines' left edges, right edges and middles, in log buckets."""

    def __init__(self, config: Hyperparameters) -> None:
        super().__init__()
        self.tables = nn.ModuleList(
            nn.Embedding(config.distance_buckets, config.heads) for _ in range(3)
        )
        half = config.distance_buckets // 2
        scale = (half - 1) / math.log1p(200)
        far = [round(math.log1p(200 * step / _STEPS) * scale) for step in range(_STEPS + 1)]
        self.bucket = [half - at for at in far[:0:-1]] + [
            half + at for at in far
        ]  # of each distance, from -_STEPS on

    def forward(self, boxes: Tensor, lengths: list[int]) -> list[Tensor]:
        """Boxes of N lines (N x 4), page after page, to each page's bias (1 x heads x L x L)."""
        bucket = torch.tensor(self.bucket, device=boxes.device)
        tables = [table(bucket) for table in self.tables]
        at = (boxes * _STEPS).round().long()
        edges = torch.stack([at[:, 0], at[:, 2], (at[:, 1] + at[:, 3]) // 2])
        return [_page_bias(page, tables) for page in edges.split(lengths, dim=1)]


def _page_bias(edges: Tensor, tables: list[Tensor]) -> Tensor:
    apart = (edges[:, :, None] - edges[:, None, :]).clamp(-_STEPS, _STEPS) + _STEPS
    bias = sum(F.embedding(distance, table) for distance, table in zip(apart, tables, strict=True))
    return bias.permute(2, 0, 1)[None]  # type: ignore[union-attr,no-any-return]


class Layer(nn.Module):
    """Pre-norm Transformer layer. Lines see those of their page alone: all pages at once but in attention, no padding."""

    def __init__(self, config: Hyperparameters) -> None:
        super().__init__()
        size = config.hidden_size
        self.heads, self.dropout = config.heads, config.dropout
        self.norm_attention, self.norm_feed = nn.LayerNorm(size), nn.LayerNorm(size)
        self.qkv, self.out = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.feed = nn.Sequential(
            nn.Linear(size, 4 * size),
            nn.GELU(),
            nn.Dropout(config.dropout),
            nn.Linear(4 * size, size),
        )

    def forward(self, x: Tensor, biases: list[Tensor]) -> Tensor:
        """x: N lines x size; one bias a page."""
        lengths = [bias.shape[-1] for bias in biases]
        dropout = self.dropout if self.training else 0.0
        triple = (
            self.qkv(self.norm_attention(x))
            .view(len(x), 3, self.heads, -1)
            .permute(1, 2, 0, 3)[:, None]
        )
        seen = [
            F.scaled_dot_product_attention(q, k, v, bias, dropout)
            for (q, k, v), bias in zip(triple.split(lengths, dim=-2), biases, strict=True)
        ]
        x = x + self.out(torch.cat(seen, dim=-2)[0].transpose(0, 1).flatten(1))
        return x + self.feed(self.norm_feed(x))


class Network(nn.Module):
    """Labels every line of a page (compare arXiv 2305.13817, whose model sees lines one page at a time as well)."""

    config: Hyperparameters

    def __init__(self, shape: Hyperparameters) -> None:
        nn.Module.__init__(self)
        self.config = shape
        self.build(shape)

    def build(self, config: Hyperparameters) -> None:
        """Makes the layers, their weights as torch draws them."""
        self.text = _pretrained(config.text_encoder) if config.text_encoder else TextEncoder(config)
        size = self.text.output_size + config.features + 4 + 8 * _WAVES
        self.project = nn.Sequential(
            nn.Linear(size, config.hidden_size),
            nn.GELU(),
            nn.Linear(config.hidden_size, config.hidden_size),
        )
        self.bias = PageBias(config)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.hidden_size)
        self.classify = nn.Linear(config.hidden_size, len(config.id2label))

    def forward(self, batch: Batch) -> LineOutput:
        waves = batch.boxes[:, :, None] * (
            math.pi * 2.0 ** torch.arange(_WAVES, device=batch.boxes.device)
        )
        place = torch.cat([batch.boxes, waves.sin().flatten(1), waves.cos().flatten(1)], dim=-1)
        lines = self.project(torch.cat([self.text(batch), batch.features, place], dim=-1))
        biases = self.bias(batch.boxes, torch.bincount(batch.page).tolist())
        for layer in self.layers:
            lines = layer(lines, biases)
        logits = self.classify(self.norm(lines))
        loss = (
            None
            if batch.labels is None
            else F.cross_entropy(logits, batch.labels, label_smoothing=0.02)
        )
        return LineOutput(logits=logits, loss=loss)


def _pretrained(folder: str) -> Any:
    from chartline.models.line_classifier.pretrained import (
        PretrainedTextEncoder,  # imports transformers, which few need
    )

    return PretrainedTextEncoder(folder)
