"""Form fields and annotations to lines."""
