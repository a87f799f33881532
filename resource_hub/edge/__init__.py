"""What the edges share: the database session, who is asking, errors, words, security headers."""
