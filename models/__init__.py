"""What is learned; knows tensors and frames, never the pipeline."""
