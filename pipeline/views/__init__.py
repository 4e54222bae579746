"""What people look at: summaries, page pictures, the report."""
