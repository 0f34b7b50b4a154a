"""Pages: the centre of the window as pages, beside each other or in windows of their own, and what folds for them."""
