"""The outside world: SSH, S3, Discord over HTTP, another invocation."""
