"""The desk: a page that stands in for the Discord client, and what builds and signs the interactions it sends."""
