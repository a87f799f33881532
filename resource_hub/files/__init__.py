"""What is inside a file: its true type, its text, a small picture of it; pure functions."""
