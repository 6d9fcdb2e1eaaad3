"""SQL in, domain values out; one file per noun. The only place with SQL."""
