"""Model families: the parameters that each family lets vary, and the Keras model that it builds from their values."""
