"""How plots are drawn: canvas, axes, curves, pictures. Knows pyqtgraph and no study."""
