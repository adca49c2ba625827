"""Words and messages in Korean and English."""
