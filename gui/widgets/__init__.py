"""Small widgets, icons, colours and turns at drawing, which know nothing of studies."""
