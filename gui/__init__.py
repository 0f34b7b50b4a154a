"""Everything that the user sees. Knows nothing of Keras, TensorFlow or skopt."""
