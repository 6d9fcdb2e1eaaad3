"""Files on their way in: fetch, store, announce."""
