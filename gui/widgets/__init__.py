"""Small widgets, icons, colours and turns for drawing; they know nothing about studies."""
