"""Slides from the chapters: `python -m teach.slides class` writes a deck for each.

`outline` reads a chapter's structure: headings, *Predict*, figures and other outputs, *Notice*.
`page` makes one HTML file of it, with reveal.js, formulas, and living figures that are alive.
"""
