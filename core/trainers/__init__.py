"""Where trials run: inline in the calling thread, or in a worker process."""
