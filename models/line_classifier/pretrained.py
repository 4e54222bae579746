"""A pretrained encoder of text (CamemBERT, LiLT, LayoutLMv3, …) in the place of the classifier's own, from a local folder."""

from pathlib import Path
from typing import Any

from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoTokenizer

MAX_TOKENS = 64  # of a line


class PretrainedTextEncoder(nn.Module):
    """Lines to vectors: the mean over a line's tokens in the last layer of the encoder.

    The folder holds a configuration, a tokenizer and (for training) safetensors weights as `save_pretrained` writes
    them. The model's own weights file keeps the encoder's weights once it has been trained; configuration and tokenizer
    are read from the folder again.
    """

    def __init__(self, folder: str) -> None:
        super().__init__()
        if not Path(folder).is_dir():
            raise FileNotFoundError(folder)
        self.tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        self.encoder: Any = AutoModel.from_config(config)
        self.output_size = int(config.hidden_size)

    def load_weights(self, folder: str) -> None:
        """Takes the encoder's pretrained weights; nothing but safetensors is opened."""
        loaded = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        self.encoder.load_state_dict(loaded.state_dict())

    def forward(self, batch: Any) -> Tensor:
        """N lines to N x output_size."""
        device = batch.boxes.device
        tokens = self.tokenizer(
            [text or " " for text in batch.texts],
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        ).to(device)
        hidden = self.encoder(**tokens).last_hidden_state[:, : tokens["input_ids"].shape[1]]
        kept = tokens["attention_mask"][..., None].to(hidden.dtype)
        return (hidden * kept).sum(1) / kept.sum(1).clamp(min=1)
