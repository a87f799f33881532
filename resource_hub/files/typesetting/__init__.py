"""Office files without an office program: their text, tables and pictures, set anew by typst."""
