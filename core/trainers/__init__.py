"""Trainers, in which trials run: inline in the calling thread, or in worker processes."""
