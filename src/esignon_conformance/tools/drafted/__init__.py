"""A server of drafted operations: it answers each from the examples of its page, or wrongly."""
