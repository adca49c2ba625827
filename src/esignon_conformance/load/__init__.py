"""Load: Locust sends, the suite judges.  Its workers only record; another process judges in batches."""
