"""Text a game server wrote becomes domain values; any bytes are read or refused with BadInput."""
