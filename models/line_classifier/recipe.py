"""Hyperparameters of training."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """How the line classifier is trained.

    Attributes:
        epochs: passes over the pages.
        lines_per_batch: at most this many lines in a batch of whole pages.
        learning_rate: the peak of a one-cycle schedule.
        weight_decay: of matrices; vectors (biases, norms) have none.
        drop_page_text: share of pages whose text is hidden.
        drop_line_text: share of lines whose text is hidden.
        drop_words: share of words that are hidden; half as many trigrams are.
        drop_feature: share of features set to 0, drawn anew for each page.
        replaced_word_pages: share of pages on which words are replaced by random ones.
        shift: pages move by up to this share of their width and height.
        zoom: pages stretch by up to this share.
        seed: of the first weights, the order of pages and all random changes.
    """

    epochs: int = 4
    lines_per_batch: int = 3072
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.01
    drop_page_text: float = 0.08
    drop_line_text: float = 0.12
    drop_words: float = 0.12
    drop_feature: float = 0.05
    replaced_word_pages: float = 0.25
    shift: float = 0.03
    zoom: float = 0.08
    seed: int = 7
