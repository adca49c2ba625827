"""What is sent when: order, limits, logins between, and asking again."""
