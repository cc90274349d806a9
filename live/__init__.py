"""Python in the page: what lets a reader run and change the code of the built pages.

- `runtime`: gets Pyodide's files, checks each against a pinned hash, and packs them
- `needs`: which statements of earlier cells a cell depends on
- `kernel`: runs cells; the same code in the browser's worker and in the tests
- `page/`: what a page loads; `shims/`: small stand-ins for packages that need a Jupyter server
"""
