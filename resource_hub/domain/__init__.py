"""The rules of the hub in plain Python: no clock, no input, no output."""
