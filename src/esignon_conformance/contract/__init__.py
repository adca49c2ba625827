"""The contract as data: what the page promises, read from `contracts/` and `schemas/`."""
