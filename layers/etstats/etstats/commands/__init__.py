"""One file per slash command; `registry` declares them."""
