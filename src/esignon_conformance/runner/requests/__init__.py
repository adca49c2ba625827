"""Requests are made from cases: patches, derived secrets, changed bytes."""
