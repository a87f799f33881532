"""Tell people: inside the hub and by mail."""
