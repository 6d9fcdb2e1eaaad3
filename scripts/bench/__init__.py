"""`make bench`: what we promise, measured on this machine."""
