"""The shape of the line classifier as transformers saves it."""

from typing import Any

from transformers import PretrainedConfig

from chartline.models.line_classifier.hyperparameters import Hyperparameters


class LineClassifierConfig(PretrainedConfig):
    """The hyperparameters of `Hyperparameters`, by the same names."""

    model_type = "chartline-line-classifier"

    def __init__(self, **kwargs: Any) -> None:
        shape = Hyperparameters.of(kwargs).values()
        labels = shape.pop("id2label")
        rest = {
            name: value
            for name, value in kwargs.items()
            if name not in shape and name != "id2label"
        }
        super().__init__(
            **{"label2id": {label: at for at, label in labels.items()}} | rest, id2label=labels
        )
        for name, value in shape.items():
            setattr(self, name, value)
