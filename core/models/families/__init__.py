"""The model families, one module each: its declaration, its `build`, and its lines in an exported script."""
