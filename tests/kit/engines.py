"""Firefox and WebKit as their makers ship them, driven by the protocols that they speak.

Playwright drives only builds of its own; half of all phones run WebKit. Firefox speaks WebDriver
BiDi over a web socket, WebKitGTK's driver the older WebDriver over HTTP; keys and pointers are
described alike in both.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import websocket
from launch import until

# Stands first in each page: what goes wrong before a driver could listen is noted too.
LISTEN = b"""<script>
  window.said = [];
  addEventListener("error", (event) => said.push(event.message ?? event.target.src), true);
  addEventListener("unhandledrejection", ({ reason }) => said.push(String(reason)));
  for (const kind of ["error", "warn"]) console[kind] = (...words) => said.push(words.join(" "));
</script>"""
# A reader who wants no motion; nothing is fetched that no page asks for.
SETTINGS = {
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,none",
    "ui.prefersReducedMotion": 1,
}
# What is far below is laid out soon after a page is loaded.
ARRIVED = """(async () => {
  while ("arriving" in document.documentElement.dataset) await new Promise(requestAnimationFrame);
})()"""
SECONDS = 60


def program(*names):
    """Return the path of the first of these that is installed; else skip, or fail under CI."""
    for name in names:
        if found := shutil.which(name):
            return found
    message = f"no {names[0]} was found: .ci/run installs it on Debian and Ubuntu"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@contextmanager
def started(*command, **environ):
    """Start a program, and end it after."""
    process = subprocess.Popen(
        [*map(str, command)],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def served(folder, *, types=(), listen=True):
    """Serve `folder` on this machine; yield its address. `types` gives endings other types."""

    class Pages(SimpleHTTPRequestHandler):
        extensions_map = SimpleHTTPRequestHandler.extensions_map | dict(types)

        def do_GET(self):
            path = Path(self.translate_path(self.path))
            if not (listen and path.suffix == ".html" and path.exists()):
                return super().do_GET()
            page = path.read_bytes().replace(b"<head>", b"<head>" + LISTEN, 1)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def key(value):
    """Return the action of pressing a key and letting it go."""
    presses = [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
    return {"type": "key", "id": "keys", "actions": presses}


def drag(start, end):
    """Return the action of dragging from one place of the window, (x, y), to another."""
    (x, y), (u, v) = start, end
    actions = [
        {"type": "pointerMove", "x": round(x), "y": round(y)},
        {"type": "pointerDown", "button": 0},
        {"type": "pointerMove", "x": round(u), "y": round(v)},
        {"type": "pointerUp", "button": 0},
    ]
    return {
        "type": "pointer",
        "id": "mouse",
        "parameters": {"pointerType": "mouse"},
        "actions": actions,
    }


class Firefox:
    def __init__(self, address):
        self.socket = websocket.create_connection(
            f"{address}/session", suppress_origin=True, timeout=SECONDS
        )
        self.asked, self.logged = 0, []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method, **params):
        self.asked += 1
        self.socket.send(json.dumps({"id": self.asked, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv())).get("id") != self.asked:
            if answer.get("method") == "log.entryAdded":
                self.logged.append(answer["params"])
        assert answer["type"] == "success", answer
        return answer["result"]

    def open(self, address, width, height):
        size = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", context=self.context, viewport=size)
        self.logged.clear()
        self.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")
        self.run(ARRIVED)

    def run(self, expression):
        """Return the value of a JavaScript expression, or of what it promises."""
        answer = self.ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})) ?? 'null')()",
            target={"context": self.context},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"]["value"])

    def act(self, action):
        self.ask("input.performActions", context=self.context, actions=[action])

    def complaints(self):
        """Return what went wrong on the page so far, by its own account and the browser's."""
        logged = [e["text"] for e in self.logged if e["level"] in ("warn", "error")]
        return [*self.run("said"), *logged]


class WebKit:
    def __init__(self, address, browser):
        self.session = address
        # A window with its bars is never as narrow as a phone.
        options = {"binary": browser, "args": ["--automation", "--full-screen"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self.session += f"/session/{self.ask('session', capabilities=wanted)['sessionId']}"

    def ask(self, what, method="POST", **params):
        where = f"{self.session}/{what}".rstrip("/")
        headers = {"Content-Type": "application/json"}
        sent = json.dumps(params).encode()
        asked = urllib.request.Request(where, sent, headers, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=SECONDS) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from None

    def open(self, address, width, height):
        self.ask("window/rect", width=width, height=height)
        self.ask("url", url=address)
        self.run(ARRIVED)

    def run(self, expression):
        """Return the value of a JavaScript expression, or of what it promises."""
        script = f"""const tell = arguments[0];
            (async () => JSON.stringify(await ({expression})) ?? "null")().then(
              (value) => tell({{ value }}), (error) => tell({{ error: String(error) }}));"""
        answer = self.ask("execute/async", script=script, args=[])
        assert "error" not in answer, answer["error"]
        return json.loads(answer["value"])

    def act(self, action):
        self.ask("actions", actions=[action])

    def complaints(self):
        """Return what went wrong on the page so far, by its own account."""
        return self.run("said")

    def end(self):
        self.ask("", method="DELETE")


@contextmanager
def firefox(folder):
    """Start Firefox with a profile in `folder`, without a window."""
    command = program("firefox-esr", "firefox")
    prefs = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in SETTINGS.items()]
    (folder / "user.js").write_text("".join(prefs), "utf-8")
    options = ("--headless", "--no-remote", "--profile", folder, "--remote-debugging-port=0")
    with started(command, *options, HOME=str(folder)) as process:
        for line in process.stdout:
            if found := re.search(r"BiDi listening on (ws://\S+)", line):
                break
        else:
            pytest.fail("Firefox ended before it listened")
        # It goes on speaking, and would wait for a reader.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        engine = Firefox(found[1])
        yield engine
        engine.socket.close()


@contextmanager
def webkit(folder):
    """Start WebKitGTK's small browser on a screen of its own."""
    driver, screens = program("WebKitWebDriver"), program("Xvfb")
    found = [*Path("/usr").glob("lib*/**/webkit*gtk-*/MiniBrowser")]
    assert found, "WebKitWebDriver is here without its MiniBrowser"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    screen = ("-displayfd", "1", "-screen", "0", "1440x1200x24", "-nolisten", "tcp")
    with started(screens, *screen) as shown:
        number = next((line.strip() for line in shown.stdout if line.strip().isdigit()), "")
        assert number, "Xvfb ended before it gave its screen a number"
        environ = {
            "DISPLAY": f":{number}",
            "GDK_BACKEND": "x11",
            "HOME": str(folder),
            # Its sandbox needs rights that a container lacks; all that it opens is ours.
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        }
        with started(driver, f"--port={port}", **environ) as process:
            threading.Thread(target=process.stdout.read, daemon=True).start()
            until(lambda: listens(port), "WebKitWebDriver does not answer")
            engine = WebKit(f"http://127.0.0.1:{port}", str(found[0]))
            try:
                yield engine
            finally:
                engine.end()


def listens(port):
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
