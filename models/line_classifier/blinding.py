"""What training hides and changes on its pages, so that no cue is indispensable."""

from dataclasses import replace

import torch
from torch import Tensor

from chartline.models.line_classifier.network import Batch
from chartline.models.line_classifier.recipe import Recipe


def strange(batch: Batch, pages: float, buckets: int) -> Batch:
    """Replaces a random share of the words and letter triples of some pages (`pages`: their share) by others at random.

    So look words that training never saw: what a hospital calls things must not matter too much. `buckets` is the
    number of word ids.
    """
    device, count = batch.boxes.device, int(batch.page.max()) + 1
    share = torch.rand(count, device=device) * (torch.rand(count, device=device) < pages)
    of_line = share[batch.page]

    def replaced(values: Tensor, share: Tensor, others: Tensor) -> Tensor:
        return torch.where(torch.rand(len(values), device=device) < share, others, values)

    def any_words(values: Tensor) -> Tensor:
        return torch.randint(1, buckets, values.shape, device=device)

    lengths = torch.diff(batch.word_at, append=torch.tensor([len(batch.words)], device=device))
    gram_lengths = torch.diff(batch.gram_at, append=torch.tensor([len(batch.grams)], device=device))
    shuffled = batch.grams[torch.randperm(len(batch.grams), device=device)]
    return replace(
        batch,
        words=replaced(batch.words, of_line.repeat_interleave(lengths), any_words(batch.words)),
        grams=replaced(batch.grams, of_line.repeat_interleave(gram_lengths), shuffled),
        first=replaced(batch.first, of_line, any_words(batch.first)),
        last=replaced(batch.last, of_line, any_words(batch.last)),
    )


def blind(batch: Batch, recipe: Recipe) -> Batch:
    """Hides the text of some pages and lines, some words and features, shifts and stretches whole pages."""
    device, pages = batch.boxes.device, int(batch.page.max()) + 1
    no_text = (torch.rand(pages, device=device) < recipe.drop_page_text)[batch.page]
    no_text = no_text | (torch.rand(len(batch.page), device=device) < recipe.drop_line_text)
    lengths = torch.diff(batch.word_at, append=torch.tensor([len(batch.words)], device=device))
    gram_lengths = torch.diff(batch.gram_at, append=torch.tensor([len(batch.grams)], device=device))
    hide_words = torch.rand(len(batch.words), device=device) < recipe.drop_words
    hide_words |= no_text.repeat_interleave(lengths)
    hide_grams = no_text.repeat_interleave(gram_lengths) | (
        torch.rand(len(batch.grams), device=device) < recipe.drop_words / 2
    )
    shift = (torch.rand(pages, 1, 4, device=device)[:, 0] - 0.5) * 2 * recipe.shift
    shift[:, 2], shift[:, 3] = shift[:, 0], shift[:, 1]
    zoom = 1 + (torch.rand(pages, 2, device=device) - 0.5).repeat(1, 2) * 2 * recipe.zoom
    keep = (torch.rand(pages, batch.features.shape[1], device=device) >= recipe.drop_feature)[
        batch.page
    ]
    return replace(
        batch,
        texts=tuple(
            "" if hidden else text
            for text, hidden in zip(batch.texts, no_text.tolist(), strict=True)
        ),
        words=batch.words.masked_fill(hide_words, 0),
        grams=batch.grams.masked_fill(hide_grams, 0),
        first=batch.first.masked_fill(no_text, 0),
        last=batch.last.masked_fill(no_text, 0),
        boxes=(batch.boxes - 0.5) * zoom[batch.page] + 0.5 + shift[batch.page],
        features=batch.features * keep,
    )
