"""Requests made by chance: how they are drawn, what clause each falls under, which are kept."""
