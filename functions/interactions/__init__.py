"""What Discord calls."""
