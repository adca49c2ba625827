"""Judges real web stacks, proxies and account stores: `make stacks`, for who maintains this suite."""
