"""The run: requests are made, sent in order, and drawn by chance."""
