"""The proof of the suite: known-bad and known-good servers, each judged and scored."""
