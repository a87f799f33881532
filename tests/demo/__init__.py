"""Tests of the demo's texts and files."""
