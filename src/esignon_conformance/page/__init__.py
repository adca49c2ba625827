"""The documentation page as facts: read, recorded, made into the contract, and compared with later pages."""
