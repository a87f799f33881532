"""Tests of the hub command."""
