"""What AWS calls: thin handlers."""
