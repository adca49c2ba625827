"""The documentation page as facts: read, recorded, made into the contract, compared with a later one."""
