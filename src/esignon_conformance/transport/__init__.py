"""Requests out, answers in: messages, connections, pacing, and the guard against lockout."""
