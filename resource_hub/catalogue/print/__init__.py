"""An issue on paper: a PDF that typst sets from a manuscript, pictures and QR codes."""
