"""What the figures share; a figure imports only from here and from its own folder.

`figure` is the base class: state, still picture, output. `assets` joins scripts and styles into
what JupyterLab and the pages load: `drawing.js` is what the figures draw with, `page.js` the
loader of the pages, `figure.css` their common look. `samples` turns a curve into numbers; `stops`
does so for each value that a parameter's slider stops at.
"""
