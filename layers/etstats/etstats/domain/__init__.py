"""What rounds, players, matches and sessions *are*. Values in, values out; no input or output."""
