"""An issue of the catalogue as data, and its formats: pure functions, no database, no Flask."""
