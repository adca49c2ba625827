"""Beside the flow of a run: the server in the box, the proof, the documentation page."""
