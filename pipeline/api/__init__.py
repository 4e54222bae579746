"""The public functions of `chartline`, for notebooks and scripts: read, facts, run, open."""
