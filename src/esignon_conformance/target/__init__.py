"""The server under test: address, accounts, limits, and where the settings come from."""
