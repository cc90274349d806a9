"""Print the built book as one PDF: the pages joined into one document, printed by Chromium."""
