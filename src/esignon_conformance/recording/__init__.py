"""Every exchange of a run, and what each answer says."""
