"""A highlight seen from above, frame by frame: a static ground, and on it what moves at a moment.

Text is drawn as all our pictures are (SVG, our fonts); what moves is put together by Pillow, for 250 frames in seconds.
Imported where a film is made and nowhere else: Pillow is in the layer `video` alone.
"""
