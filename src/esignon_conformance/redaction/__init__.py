"""Secrets: their forms, and the one scrubber that masks them in everything written or printed."""
