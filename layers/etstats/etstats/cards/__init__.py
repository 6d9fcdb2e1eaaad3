"""Domain values become what people read: Discord messages as plain values."""
