"""What the hub takes, beside what the libraries under it take; each script prints both."""
