"""Pages for a browser: each one file with everything in it, and the policy that lets nothing else run."""
