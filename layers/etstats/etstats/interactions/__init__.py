"""Discord's interaction protocol: signatures, requests, replies, custom ids."""
