"""The hyperparameters as a configuration of transformers, which saves them beside the weights."""

from typing import Any

from transformers import PretrainedConfig

from chartline.models.line_classifier.hyperparameters import Hyperparameters


class LineClassifierConfig(PretrainedConfig):
    """Has an attribute for each field of `Hyperparameters`, by the same name.

    Args:
        kwargs: values of hyperparameters that differ from the default, and any that
            `PretrainedConfig` takes.
    """

    model_type = "chartline-line-classifier"

    def __init__(self, **kwargs: Any) -> None:
        values = Hyperparameters.of(kwargs).values()
        labels = values.pop("id2label")
        others = {
            name: value
            for name, value in kwargs.items()
            if name not in values and name != "id2label"
        }
        label2id = {label: number for number, label in labels.items()}
        super().__init__(**{"label2id": label2id} | others, id2label=labels)
        for name, value in values.items():
            setattr(self, name, value)
