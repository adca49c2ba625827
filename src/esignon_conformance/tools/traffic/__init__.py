"""Judges traffic that was recorded by others: from a file of exchanges to a run that sent nothing."""
