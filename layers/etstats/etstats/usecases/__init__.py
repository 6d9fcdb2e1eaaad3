"""One file per job that is no slash command; each is safe to run twice."""
