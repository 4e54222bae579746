"""Random changes to training pages, so that the classifier depends on no single cue.

Every function takes a `Batch` of N lines on P pages and returns a changed copy; labels and the
order of lines stay. Random numbers come from torch's global generator.
"""

from dataclasses import replace

import torch
from torch import Tensor

from chartline.models.line_classifier.network import Batch
from chartline.models.line_classifier.recipe import Recipe

NO_TOKEN = 0  # the id of words and trigrams that are hidden


def augment(batch: Batch, recipe: Recipe, word_buckets: int) -> Batch:
    """All changes of a training step: words replaced, text hidden, pages moved, features dropped.

    `word_buckets` is the number of word ids.
    """
    batch = replace_words(batch, recipe.replaced_word_pages, word_buckets)
    return drop_features(move_pages(hide_text(batch, recipe), recipe), recipe)


def replace_words(batch: Batch, share_of_pages: float, word_buckets: int) -> Batch:
    """Replaces a random share of the words and trigrams on some pages by random others.

    Words that training never saw look like this: the classifier learns not to rely on what one
    hospital calls things. `word_buckets` is the number of word ids.
    """
    device, pages = batch.boxes.device, _page_count(batch)
    share = torch.rand(pages, device=device)
    share = share * (torch.rand(pages, device=device) < share_of_pages)
    line_share = share[batch.page]

    def replaced(values: Tensor, share: Tensor, others: Tensor) -> Tensor:
        return torch.where(torch.rand(len(values), device=device) < share, others, values)

    def random_words(values: Tensor) -> Tensor:
        return torch.randint(1, word_buckets, values.shape, device=device)

    words_per_line, grams_per_line = _lengths(batch)
    shuffled = batch.grams[torch.randperm(len(batch.grams), device=device)]
    word_share = line_share.repeat_interleave(words_per_line)
    gram_share = line_share.repeat_interleave(grams_per_line)
    return replace(
        batch,
        words=replaced(batch.words, word_share, random_words(batch.words)),
        grams=replaced(batch.grams, gram_share, shuffled),
        first=replaced(batch.first, line_share, random_words(batch.first)),
        last=replaced(batch.last, line_share, random_words(batch.last)),
    )


def hide_text(batch: Batch, recipe: Recipe) -> Batch:
    """Hides the text of some pages, of some lines, and single words and trigrams."""
    device = batch.boxes.device
    pages = torch.rand(_page_count(batch), device=device) < recipe.drop_page_text
    lines = torch.rand(len(batch.page), device=device) < recipe.drop_line_text
    no_text = pages[batch.page] | lines
    words_per_line, grams_per_line = _lengths(batch)
    no_word = torch.rand(len(batch.words), device=device) < recipe.drop_words
    no_word |= no_text.repeat_interleave(words_per_line)
    no_gram = torch.rand(len(batch.grams), device=device) < recipe.drop_words / 2
    no_gram |= no_text.repeat_interleave(grams_per_line)
    texts = zip(batch.texts, no_text.tolist(), strict=True)
    return replace(
        batch,
        texts=tuple("" if hidden else text for text, hidden in texts),
        words=batch.words.masked_fill(no_word, NO_TOKEN),
        grams=batch.grams.masked_fill(no_gram, NO_TOKEN),
        first=batch.first.masked_fill(no_text, NO_TOKEN),
        last=batch.last.masked_fill(no_text, NO_TOKEN),
    )


def move_pages(batch: Batch, recipe: Recipe) -> Batch:
    """Shifts each page by up to `shift` and stretches it around its middle by up to `zoom`."""
    device, pages = batch.boxes.device, _page_count(batch)
    shift = (torch.rand(pages, 1, 4, device=device)[:, 0] - 0.5) * 2 * recipe.shift
    shift[:, 2], shift[:, 3] = shift[:, 0], shift[:, 1]  # both corners of a box alike
    zoom = 1 + (torch.rand(pages, 2, device=device) - 0.5).repeat(1, 2) * 2 * recipe.zoom
    return replace(batch, boxes=(batch.boxes - 0.5) * zoom[batch.page] + 0.5 + shift[batch.page])


def drop_features(batch: Batch, recipe: Recipe) -> Batch:
    """Sets some features to 0, the same ones on all lines of a page."""
    shape = _page_count(batch), batch.features.shape[1]
    keep = torch.rand(shape, device=batch.boxes.device) >= recipe.drop_feature
    return replace(batch, features=batch.features * keep[batch.page])


def _page_count(batch: Batch) -> int:
    return int(batch.page.max()) + 1


def _lengths(batch: Batch) -> tuple[Tensor, Tensor]:
    """The number of words and of trigrams of each line."""
    device = batch.boxes.device
    word_end = torch.tensor([len(batch.words)], device=device)
    gram_end = torch.tensor([len(batch.grams)], device=device)
    return torch.diff(batch.word_at, append=word_end), torch.diff(batch.gram_at, append=gram_end)
