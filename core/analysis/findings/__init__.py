"""Findings: what is worth pointing out in a study, as facts with their numbers; each kind is a file."""
