"""Painting: marks, axes and legends that look the same in all plots of these pages, on the screen and in a file."""
