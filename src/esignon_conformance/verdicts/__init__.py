"""From findings to verdicts, waivers and the exit status."""
