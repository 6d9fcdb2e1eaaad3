"""Tests: unit, functions, integration, golden."""
