"""Model families: the parameters that each lets vary, and the Keras model that it builds from their values."""
