"""The network's layers: attention among the lines of a page, biased by their distances."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from chartline.models.line_classifier.hyperparameters import Hyperparameters

_STEPS = 256  # distances are rounded to this fraction of a page's width or height
_LOG_SCALE = 200  # distance d (a share of the page) is binned by log(1 + 200 d): fine when near


class PageBias(nn.Module):
    """Attention bias learned from the signed distances between two lines.

    The distances between their left edges, right edges and vertical middles are binned, narrower
    bins for nearer lines, and each bin has one bias for each head (compare the relative position
    bias of T5 and LayoutLMv2).
    """

    def __init__(self, config: Hyperparameters) -> None:
        super().__init__()
        self.tables = nn.ModuleList(
            nn.Embedding(config.distance_buckets, config.heads) for _ in range(3)
        )
        half = config.distance_buckets // 2
        scale = (half - 1) / math.log1p(_LOG_SCALE)
        bins = [round(math.log1p(_LOG_SCALE * step / _STEPS) * scale) for step in range(_STEPS + 1)]
        # the bin of each distance from -_STEPS to _STEPS
        self.bucket = [half - at for at in bins[:0:-1]] + [half + at for at in bins]

    def forward(self, boxes: Tensor, lengths: list[int]) -> list[Tensor]:
        """The bias of each page.

        Args:
            boxes: N x 4 as shares of the page, page after page.
            lengths: the number of lines L of each page.

        Returns:
            For each page 1 x heads x L x L.
        """
        bucket = torch.tensor(self.bucket, device=boxes.device)
        tables = [table(bucket) for table in self.tables]
        at = (boxes * _STEPS).round().long()
        edges = torch.stack([at[:, 0], at[:, 2], (at[:, 1] + at[:, 3]) // 2])
        return [_bias_of_page(page, tables) for page in edges.split(lengths, dim=1)]


def _bias_of_page(edges: Tensor, tables: list[Tensor]) -> Tensor:
    """The bias of a page of L lines, 1 x heads x L x L.

    Args:
        edges: 3 x L, in steps.
        tables: for each of the three the bias of every distance, (2 * _STEPS + 1) x heads.
    """
    distances = (edges[:, :, None] - edges[:, None, :]).clamp(-_STEPS, _STEPS) + _STEPS
    bias = sum(
        F.embedding(distance, table) for distance, table in zip(distances, tables, strict=True)
    )
    return bias.permute(2, 0, 1)[None]  # type: ignore[union-attr,no-any-return]


class TransformerLayer(nn.Module):
    """A Transformer layer with normalisation first (pre-norm).

    Lines attend to the lines of their own page only. All else is computed for all pages at once,
    so that no padding is needed.
    """

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
        """The lines after this layer, N x hidden_size.

        Args:
            x: N x hidden_size, page after page.
            biases: for each page of L lines 1 x heads x L x L.
        """
        lengths = [bias.shape[-1] for bias in biases]
        dropout = self.dropout if self.training else 0.0
        qkv = self.qkv(self.norm_attention(x)).view(len(x), 3, self.heads, -1)
        qkv = qkv.permute(1, 2, 0, 3)[:, None]  # 3 x 1 x heads x N x size of a head
        attended = [
            F.scaled_dot_product_attention(q, k, v, bias, dropout)
            for (q, k, v), bias in zip(qkv.split(lengths, dim=-2), biases, strict=True)
        ]
        x = x + self.out(torch.cat(attended, dim=-2)[0].transpose(0, 1).flatten(1))
        return x + self.feed(self.norm_feed(x))
