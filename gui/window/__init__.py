"""The window: what is placed where, what each action does, and what it says of the study."""
