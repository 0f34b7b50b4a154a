"""The model families, one module each: a declaration, a way to build it, and its lines in an exported script."""
