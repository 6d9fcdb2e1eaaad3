"""Pictures: domain values become SVG, by rules a phone can read.

Each module has two functions of the same values: `draw` gives the document, `told` the key figures in words, for those
who do not see it. A renderer (`gateways/renderer.py`, on the LATER path) makes the PNG.
"""
