"""Training: one trial after another, in loops inside TensorFlow. The only room that trains with Keras."""
