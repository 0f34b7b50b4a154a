"""What is drawn, as plain data: arrays, labels, scales. Knows no Qt and starts nothing."""
