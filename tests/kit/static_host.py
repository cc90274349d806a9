"""A local host that serves a folder as static hosts do, and notes what is asked of it.

It compresses what compresses, calls files immutable whose names bear a hash, and can send a
Content-Security-Policy, be slow, or refuse.
"""

import gzip
import re
import threading
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from time import sleep
from urllib.parse import unquote, urlsplit

COMPRESSED = (".html", ".css", ".js", ".json", ".svg", ".wasm", ".ipynb", ".xml", ".txt")
IMMUTABLE = re.compile(r"-[0-9a-f]{8}(\.\w+$|/)")
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; "
    "worker-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'"
)


@cache
def compressed(path, _):
    return gzip.compress(path.read_bytes(), 6)


class Host:
    """What was asked for, as (path, bytes sent), and what a test may change while it runs."""

    def __init__(self, folder):
        self.folder, self.asked = Path(folder), []
        self.policy, self.seconds, self.refuses = "", 0, None

    @property
    def sent(self):
        return sum(size for _, size in self.asked)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        host = self.server.host
        name = unquote(urlsplit(self.path).path)
        file = host.folder / name.lstrip("/")
        if file.is_dir():
            file = file / "index.html"
        if not file.is_file() or (host.refuses and re.search(host.refuses, name)):
            self.send_error(404)
            return
        sleep(host.seconds)
        headers = {"Content-Type": guess_type(file.name)[0] or "application/octet-stream"}
        if file.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = compressed(file, file.stat().st_mtime_ns)
            headers["Content-Encoding"] = "gzip"
        else:
            body = file.read_bytes()
        fixed = IMMUTABLE.search(name)
        headers["Cache-Control"] = "max-age=31536000, immutable" if fixed else "no-cache"
        if host.policy:
            headers["Content-Security-Policy"] = host.policy
        host.asked.append((name, len(body)))
        self.send_response(200)
        for key, value in {**headers, "Content-Length": len(body)}.items():
            self.send_header(key, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

    def handle(self):
        # A browser that goes away in the middle is no error of ours.
        with suppress(BrokenPipeError, ConnectionResetError):
            super().handle()


@contextmanager
def serving(folder):
    """Serve a folder on a free port of this machine; yield its address and its `Host`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.host = Host(folder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.host
    finally:
        server.shutdown()
        server.server_close()
