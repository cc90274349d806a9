"""Show the built book on this machine: `python tools/serve.py 8000`."""

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGES = Path(__file__).parent.parent / "_build" / "html"


def main(port):
    """Serve the pages on localhost until Ctrl-C; exit with one sentence if the port is unusable."""
    handler = partial(SimpleHTTPRequestHandler, directory=PAGES)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", int(port)), handler)
    except (OSError, OverflowError, ValueError) as error:
        sys.exit(f"Cannot use port {port} ({error}): use a free one, as in make serve PORT=8001.")
    if not (PAGES / "index.html").exists():
        sys.exit("There is no book yet: make book builds it, make serve builds and shows it.")
    print(f"The book is at http://localhost:{port}/ (Ctrl-C stops it).", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("\nStopped.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "8000")
