"""Pyodide's files: from whichever source, only if their hashes are the pinned ones."""

import json
import os
import re
import subprocess
import sys

import pytest
from course import ROOT
from static_host import serving

from live import runtime

GOOD, SHA = b"the right bytes", runtime.digest(b"the right bytes")


def served(folder, name, data):
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    return folder


def test_a_file_comes_from_the_first_source_whose_bytes_are_right(tmp_path):
    wrong = served(tmp_path / "wrong", "file.whl", b"something else")
    right = served(tmp_path / "right", "file.whl", GOOD)
    with serving(right) as (address, host):
        tried = {
            "none": runtime.from_folder(tmp_path / "missing"),
            "wrong": runtime.from_folder(wrong),
            "host": runtime.from_address(address + "/"),
        }
        cache = tmp_path / "cache"
        assert runtime.get("file.whl", SHA, cache, tried) == GOOD
        # The second time nothing is asked.
        assert runtime.get("file.whl", SHA, cache, tried) == GOOD and len(host.asked) == 1


def test_a_wrong_file_is_refused_and_named_with_the_reason(tmp_path):
    wrong = served(tmp_path / "wrong", "file.whl", b"something else")
    with serving(wrong) as (address, _):
        tried = {"host": runtime.from_address(address + "/")}
        with pytest.raises(runtime.NotToBeHad, match="host: its file"):
            runtime.get("file.whl", SHA, tmp_path / "cache", tried)
    assert not (tmp_path / "cache" / "file.whl").exists()


def test_a_file_that_was_damaged_in_the_cache_is_fetched_again(tmp_path):
    right = served(tmp_path / "right", "file.whl", GOOD)
    cache = served(tmp_path / "cache", "file.whl", GOOD[:-1])
    assert runtime.get("file.whl", SHA, cache, {"folder": runtime.from_folder(right)}) == GOOD
    assert (cache / "file.whl").read_bytes() == GOOD


def test_a_download_that_is_cut_short_leaves_nothing_behind(tmp_path):
    import socket
    import threading

    server = socket.create_server(("127.0.0.1", 0))

    def answer():
        connection, _ = server.accept()
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nthe right")
        connection.close()

    threading.Thread(target=answer, daemon=True).start()
    tried = {"host": runtime.from_address(f"http://127.0.0.1:{server.getsockname()[1]}/")}
    with pytest.raises(runtime.NotToBeHad):
        runtime.get("file.whl", SHA, tmp_path / "cache", tried)
    assert [*(tmp_path / "cache").glob("*")] == []
    server.close()


def test_a_host_out_of_reach_is_asked_once(tmp_path):
    read = runtime.from_address("http://127.0.0.1:9/")
    for _ in range(2):
        with pytest.raises(OSError, match="refused"):
            read("file.whl")


def fetched(tmp_path, **environ):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LIVE")}
    environ = {**kept, "LIVE_CACHE": str(tmp_path / "cache"), **environ}
    command = [sys.executable, "-m", "live.runtime"]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)


def test_without_python_in_the_page_one_line_says_so(tmp_path):
    done = fetched(tmp_path, LIVE="0")
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout == "Pages without Python: LIVE=0 says so.\n"


def test_the_npm_package_is_refused_unless_it_is_the_pinned_one(tmp_path, monkeypatch):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho changed > pyodide-0.27.7.tgz\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(OSError, match="not the one that is pinned"):
        runtime.from_npm()("pyodide.js")


def test_every_package_of_the_packs_is_pinned_by_the_lock_file():
    cache = runtime.cache_folder()
    if not (cache / runtime.LOCK).exists():
        pytest.skip("Pyodide's lock file is not in the cache")
    data = (cache / runtime.LOCK).read_bytes()
    assert runtime.digest(data) == runtime.PINNED["core"][runtime.LOCK]
    for name, sha256 in runtime.wanted_files(json.loads(data)).items():
        assert re.fullmatch(r"[0-9a-f]{64}", sha256) and name.endswith((".whl", ".zip"))


def test_a_pack_is_the_same_each_time_and_comes_out_as_it_went_in():
    contents = {"b/c.py": b"1", "a.so": bytes(range(256)), "empty.py": b""}
    packed = runtime.pack(contents)
    assert packed == runtime.pack(dict(reversed(contents.items())))
    assert runtime.unpack(packed) == contents


def test_the_examples_in_the_docstrings_hold():
    import doctest

    from live import assets

    for module in (runtime, assets):
        failed, tried = doctest.testmod(module)
        assert tried and not failed


def test_every_package_that_is_hosted_is_on_the_page_of_licences():
    from live import assets

    try:
        files = runtime.fetch(tried={})
    except runtime.NotToBeHad:
        pytest.skip("Pyodide's files are not in the cache")
    listed = assets.licences(files)
    names = " ".join(name for name, _, _ in listed)
    for package in [name for pack in runtime.PACKS.values() for name in pack]:
        assert package in names
    assert "dompurify" in names and "@codemirror/view" in names
    (katex,) = [text for name, _, text in listed if name.startswith("katex ")]
    assert "Copyright (c)" in katex and "Khan Academy" in katex
    assert [name for name, licence, text in listed if not licence or not text] == []


def test_the_editor_is_what_its_pinned_sources_give():
    """Only where npm is, as a fresh bundle needs it."""
    import shutil

    if not (shutil.which("npm") and (ROOT / "live" / "bundle" / "node_modules").exists()):
        pytest.skip("make editor installs what the bundle is made from")
    made = ROOT / "live" / "page" / "vendor.js"
    committed = made.read_bytes()
    try:
        subprocess.run(
            ["npm", "run", "--silent", "build"], cwd=ROOT / "live" / "bundle", check=True
        )
        assert made.read_bytes() == committed
    finally:
        made.write_bytes(committed)
