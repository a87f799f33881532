"""Full-text search for teaching resources: a library of its own, with one contract for engines."""
