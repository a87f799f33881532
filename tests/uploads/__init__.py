"""Uploads over real lines to a real server: independent clients, kills, many at once."""
