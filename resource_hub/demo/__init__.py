"""A believable alliance to look at: schools, people, texts, and files made on the spot."""
