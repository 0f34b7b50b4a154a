"""The rehearsal's dialog, and the decision whether a study needs a rehearsal before it starts."""
