"""The texts of the demo, one TOML file for each school."""
