"""The exported Keras script, line by line. Reads settings and trials; runs nothing."""
