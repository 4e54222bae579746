"""What people look at: summaries of the tables, pictures of pages, the report."""
