"""Match statistics for Enemy Territory: Legacy: the package every function shares."""
