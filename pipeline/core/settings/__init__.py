"""Every setting: `groups` declares them, `loading` reads them, `listing` describes them."""

from chartline.core.settings.groups import (
    Classifier,
    EhrSettings,
    EmbeddingSettings,
    FeatureSettings,
    Limits,
    OnsetSettings,
    Pool,
    ReadingSettings,
    RollupSettings,
    Settings,
)
from chartline.core.settings.loading import PREFIX, VARIABLES, load

__all__ = [
    "PREFIX",
    "VARIABLES",
    "Classifier",
    "EhrSettings",
    "EmbeddingSettings",
    "FeatureSettings",
    "Limits",
    "OnsetSettings",
    "Pool",
    "ReadingSettings",
    "RollupSettings",
    "Settings",
    "load",
]
