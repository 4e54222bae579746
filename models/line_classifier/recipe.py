"""The figures of a training run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """How to train. `lines_per_batch` is lines a batch; the drop rates blind the model to single cues; `replaced_word_pages` is the
    share of pages on which words are replaced by ones that say nothing."""

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
