"""Configurations of mock tools, made from the contract: each tool answers the login as the page has it."""
