"""What a document says about a condition as a whole, declared over facts in their sections."""
