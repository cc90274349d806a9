"""Measure what a class needs of a JupyterHub: memory, processor time, what breaks first.

`python benchmarks/hub.py FOLDER` sets up an environment in FOLDER (JupyterHub, nbgitpuller, the
idle culler and npm's proxy, as pinned in hub_requirements.txt and below) and starts a hub there
with a process for each student. 1, 5, 10 and 20 students sign in through the class's nbgitpuller
link, which pulls the handout from a repository on disk; then all of them open a chapter at the
same moment and run all its cells, over the same websockets as JupyterLab. What a browser loads of
JupyterLab itself is not part of it. 20 and 40 only start their servers, to see what breaks first.

Memory is PSS, which divides a shared page among those who share it, and is summed over a student's
server and kernel. Time on a machine that others use says little, so conclusions rest on processor
time, and the load and what others used stand beside each run. Then the idle culler is tried
with short limits. The results are stored with the date; without FOLDER, what follows from
the newest is printed.
"""

import argparse
import asyncio
import datetime
import http.cookiejar
import json
import math
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import uuid
import venv
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import async_playwright
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "_ext"), str(ROOT / "tests" / "kit")]

from browser import ARGUMENTS, chromium  # noqa: E402
from pages_address import HUB, class_link  # noqa: E402

from teach import sheets  # noqa: E402

PROXY = "configurable-http-proxy@5.3.0"
TOKEN = uuid.uuid4().hex  # the driver's, for hubs that live as long as this script
CLASSES = (1, 5, 10, 20)
CHAPTERS = {
    "NumPy chapter": "chapters/relu_family.ipynb",
    "PyTorch chapter": "chapters/pytorch.ipynb",
    "sheet": "sheets/relu_family_sheet.ipynb",
}
EVERYTHING = [*CHAPTERS, "start only", "culling"]
CROWDS = (20, 40)  # students who only start their servers, all at once
LONGEST_START = 180  # seconds until a student without a server goes home
PATIENCE = 900  # seconds until a run that does not end is given up
TICK = os.sysconf("SC_CLK_TCK")
AS_INSTRUCTOR = ("git", "-c", "user.name=Instructor", "-c", "user.email=instructor@localhost")


# -- the hub


def bare(folder):
    """Return an environment in which nothing of this checkout is found."""
    ours = ("PYTHON", "JUPYTER", "VIRTUAL_ENV", "MPLBACKEND", "GIT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    commands = f"{folder}/env/bin:{folder}/proxy/node_modules/.bin"
    return kept | {"PATH": f"{commands}:{kept['PATH']}", "OMP_NUM_THREADS": "1"}


def call(*command, **options):
    subprocess.run([*map(str, command)], check=True, **options)


def install(folder):
    python = folder / "env" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "env", with_pip=True, symlinks=True)
    here, pins = ROOT / "benchmarks" / "hub_requirements.txt", ROOT / "constraints.txt"
    call(python, "-m", "pip", "install", "-qq", "-r", here, "-c", pins, "torch", ROOT)
    (folder / "proxy").mkdir(exist_ok=True)
    call("npm", "install", "--silent", "--no-audit", "--no-fund", PROXY, cwd=folder / "proxy")


def publish_handout(folder):
    """Write the class's sheets and chapters, as `make sheets` does, into a bare repository."""
    shutil.rmtree(folder / "class", ignore_errors=True)
    hosted, work = folder / "class" / "course", folder / "class" / "handout"
    sheets.write_all(folder / "class", "hub")
    call("git", "init", "--quiet", "--bare", "--initial-branch=main", hosted)
    call("git", "init", "--quiet", "--initial-branch=main", cwd=work)
    call("git", "add", "--all", cwd=work)
    call(*AS_INSTRUCTOR, "commit", "--quiet", "--message", "The handout", cwd=work)
    call("git", "push", "--quiet", hosted, "main", cwd=work)
    return hosted.as_uri()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def settings(folder, address, more, cull):
    """Return JupyterHub's configuration; what it does not name has JupyterHub's default."""
    services = [{"name": "driver", "api_token": TOKEN}]
    scopes = ["admin:users", "admin:servers", "access:servers"]
    roles = [{"name": "driver", "services": ["driver"], "scopes": scopes}]
    if cull:
        command = [str(folder / "env/bin/python"), "-m", "jupyterhub_idle_culler", *cull]
        services.append({"name": "culler", "command": command})
        scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
        roles.append({"name": "culler", "services": ["culler"], "scopes": scopes})
    config = {
        "JupyterHub": {
            "bind_url": address,
            "hub_port": free_port(),
            "authenticator_class": "dummy",
            "spawner_class": "simple",
            "services": services,
            "load_roles": roles,
        },
        "Authenticator": {"allow_all": True},
        "ConfigurableHTTPProxy": {"api_url": f"http://127.0.0.1:{free_port()}"},
        # Students of one machine are one user of it here: that changes no number.
        "Spawner": {
            "args": ["--allow-root"],
            "environment": {"OMP_NUM_THREADS": "1", "HUB_MEASURED": TOKEN},
        },
        "SimpleLocalProcessSpawner": {"home_dir_template": f"{folder}/hub/homes/{{username}}"},
    }
    for name, values in more.items():
        for key, value in values.items():
            old = config.setdefault(name, {}).get(key)
            config[name][key] = old | value if isinstance(old, dict) else value
    return config


@asynccontextmanager
async def hub(folder, more=None, cull=()):
    """Start a hub with no students; yield its address."""
    place = folder / "hub"
    shutil.rmtree(place, ignore_errors=True)
    (place / "homes").mkdir(parents=True)
    address = f"http://127.0.0.1:{free_port()}"
    config = place / "jupyterhub_config.json"
    config.write_text(json.dumps(settings(folder, address, more or {}, cull)), "utf-8")
    with (place / "hub.log").open("w") as log:
        process = subprocess.Popen(
            [folder / "env/bin/jupyterhub", "-f", config],
            cwd=place,
            env=bare(folder) | {"HUB_MEASURED": TOKEN},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while True:
            try:
                await fetch(f"{address}/hub/api/")
                break
            except (OSError, HTTPClientError):
                if process.poll() is not None:
                    raise SystemExit((place / "hub.log").read_text("utf-8")[-3000:]) from None
                await asyncio.sleep(0.3)
        yield address
    finally:
        process.terminate()  # the hub stops its proxy and the students' servers
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
        for pid in ours():
            os.kill(pid, signal.SIGKILL)


# -- what processes use


def ours(known={}):  # noqa: B006 - what a process was started with does not change
    """Return {pid: (student or None, what it is)} of the hub's processes."""
    found = {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            if entry.name not in known:
                variables = Path(entry.path, "environ").read_bytes().split(b"\0")
                pairs = dict(each.split(b"=", 1) for each in variables if b"=" in each)
                command = Path(entry.path, "cmdline").read_bytes().decode(errors="replace")
                if pairs.get(b"HUB_MEASURED", b"").decode() != TOKEN:
                    continue
                student = pairs.get(b"JUPYTERHUB_USER", b"").decode() or None
                kinds = {"ipykernel": "kernel", "singleuser": "server", "http-proxy": "proxy"}
                kind = next((kinds[word] for word in kinds if word in command), "other")
                known[entry.name] = (student, kind)
            found[int(entry.name)] = known[entry.name]
        except (OSError, ValueError):
            known.pop(entry.name, None)
    return found


def megabytes(pid):
    """Return the PSS of a process in MB (10^6 bytes), 0 if it has just ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(re.search(r"^Pss:\s+(\d+)", text, re.M)[1]) * 1024 / 1e6


def processor(pid):
    """Return the seconds that a process and its ended children have computed."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICK


def by_owner(measure):
    """Return {(student, what): sum of a measure over the hub's processes}."""
    sums = {}
    for pid, owner in ours().items():
        sums[owner] = sums.get(owner, 0.0) + measure(pid)
    return sums


def used_by_all():
    """Return the seconds that all processors of the machine have computed so far."""
    fields = Path("/proc/stat").read_text().split("\n")[0].split()[1:]
    user, nice, system, _idle, _waiting, *rest = map(int, fields)
    return (user + nice + system + sum(rest[:2])) / TICK


def available():
    text = Path("/proc/meminfo").read_text()
    return int(re.search(r"MemAvailable:\s+(\d+)", text)[1]) * 1024 / 1e6


class Watch:
    """Sample memory until stopped: the highest of each owner, and of the whole machine."""

    def __init__(self):
        self.peaks, self.least, self.running = {}, available(), True
        self.total = 0.0

    def sample(self):
        now = by_owner(megabytes)
        for (student, _), value in list(now.items()):
            if student:
                now[student, "all"] = now.get((student, "all"), 0.0) + value
        for owner, value in now.items():
            self.peaks[owner] = max(self.peaks.get(owner, 0.0), value)
        self.total = max(self.total, sum(v for (_, what), v in now.items() if what != "all"))
        self.least = min(self.least, available())
        return now

    async def run(self):
        while self.running:
            start = time.perf_counter()
            await asyncio.to_thread(self.sample)
            # Reading takes processor time too: at most a fifth of one.
            await asyncio.sleep(max(0.5, 4 * (time.perf_counter() - start)))


# -- a student


def fetch(address, method="GET", body=None, patience=PATIENCE, **headers):
    headers = {"Authorization": f"token {TOKEN}"} | headers
    data = None if body is None else json.dumps(body)
    request = HTTPRequest(address, method, headers, data, allow_nonstandard_methods=True)
    request.request_timeout = request.connect_timeout = patience
    return AsyncHTTPClient().fetch(request)


class Student:
    def __init__(self, name, address, repository):
        self.name, self.address, self.repository = name, address, repository
        self.server = f"{address}/user/{name}"
        # The link that instructors give their class, with this hub in it.
        self.link = class_link(repository, "main").replace(HUB, address)
        self.cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(self.cookies)
        self.told = {}

    def follow_link(self):
        """Open the link as a browser does; return the address at which that ends."""
        try:
            answer = self.browser.open(self.link, timeout=PATIENCE)
            if "/hub/login" in answer.url:
                (xsrf,) = (c.value for c in self.cookies.cookiejar if c.name == "_xsrf")
                form = {"username": self.name, "password": "", "_xsrf": xsrf}
                data = urllib.parse.urlencode(form).encode()
                answer = self.browser.open(answer.url, data, timeout=PATIENCE)
            return answer.url
        except urllib.error.HTTPError as error:
            return f"status {error.code}"

    async def start(self):
        """Sign in through the link, and wait for the server; follow it again if it fails."""
        begin, ready = time.perf_counter(), False
        while not ready:
            self.told["tries"] = self.told.get("tries", 0) + 1
            await asyncio.to_thread(self.follow_link)
            pending = True
            while pending and not ready:
                await asyncio.sleep(1)
                answer = await fetch(f"{self.address}/hub/api/users/{self.name}")
                state = json.loads(answer.body)
                server = (state.get("servers") or {}).get("", {})
                ready, pending = server.get("ready"), server.get("pending") or state.get("pending")
        self.told["server_ready_s"] = time.perf_counter() - begin

    async def pull(self):
        begin, where = time.perf_counter(), await asyncio.to_thread(self.follow_link)
        if "/hub/spawn" in where:  # the server that was ready has ended since
            await self.start()
            where = await asyncio.to_thread(self.follow_link)
        if not where.startswith(f"{self.server}/git-pull"):
            raise RuntimeError(f"the link led to {where.partition('?')[0]}")
        query = urllib.parse.urlencode({"repo": self.repository, "branch": "main"})
        answer = await fetch(f"{self.server}/git-pull/api?{query}")
        if '"finished"' not in answer.body.decode():
            raise RuntimeError(f"pulling ended with {answer.body[-300:]}")
        self.told["pulled_s"] = time.perf_counter() - begin

    async def open(self, path):
        """Open a notebook; return its cells of code and a connection to its kernel."""
        notebook = json.loads((await fetch(f"{self.server}/api/contents/course/{path}")).body)
        cells = notebook["content"]["cells"]
        body = {"path": f"course/{path}", "name": path, "type": "notebook"}
        body["kernel"] = {"name": "python3"}
        answer = await fetch(f"{self.server}/api/sessions", "POST", body)
        kernel = json.loads(answer.body)["kernel"]["id"]
        socket_address = self.server.replace("http", "ws", 1)
        session = uuid.uuid4().hex
        request = HTTPRequest(
            f"{socket_address}/api/kernels/{kernel}/channels?session_id={session}",
            headers={"Authorization": f"token {TOKEN}"},
            request_timeout=PATIENCE,
        )
        connection = await websocket_connect(request, max_message_size=10**9)
        codes = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
        return ["".join(code) for code in codes if code], connection, session

    async def run(self, path):
        """Open a notebook and run all its cells, as *Run All Cells* asks for them at once."""
        begin = time.perf_counter()
        codes, connection, session = await self.open(path)
        opened = time.perf_counter()
        waiting = {send(connection, session, code) for code in codes}
        first, errors = None, []
        while waiting:
            message = read(await connection.read_message())
            kind = message["header"]["msg_type"]
            if message["parent_header"].get("msg_id") not in waiting:
                continue
            if kind in ("stream", "display_data", "execute_result"):
                first = first or time.perf_counter()
            elif kind == "execute_reply":
                waiting.discard(message["parent_header"]["msg_id"])
                if message["content"]["status"] != "ok":
                    errors.append(message["content"].get("ename", "aborted"))
        end = time.perf_counter()
        connection.close()
        self.told |= {
            "cells": len(codes),
            "errors": errors,
            "opened_s": opened - begin,
            "first_output_s": (first or end) - begin,
            "last_output_s": end - begin,
        }


def send(connection, session, code):
    identity = uuid.uuid4().hex
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
    content |= {"allow_stdin": False, "stop_on_error": True}
    header = {"msg_id": identity, "msg_type": "execute_request", "username": "", "version": "5.3"}
    header |= {"session": session, "date": datetime.datetime.now(datetime.UTC).isoformat()}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    connection.write_message(json.dumps(message | {"channel": "shell", "buffers": []}))
    return identity


def read(message):
    """Return a kernel's message; widgets send theirs with buffers, in a binary frame."""
    if message is None:
        raise RuntimeError("the kernel's connection was closed")
    if isinstance(message, bytes):
        (count,) = struct.unpack("!i", message[:4])
        offsets = [*struct.unpack(f"!{count}i", message[4 : 4 * (count + 1)]), len(message)]
        message = message[offsets[0] : offsets[1]]
    return json.loads(message)


# -- the runs


async def together(students, what, *arguments):
    """Let all students do something at once; return what went wrong."""
    longest = LONGEST_START if what == "start" else PATIENCE
    doing = (asyncio.wait_for(getattr(s, what)(*arguments), longest) for s in students)
    results = await asyncio.gather(*doing, return_exceptions=True)
    for student, result in zip(students, results, strict=True):
        if isinstance(result, Exception):
            student.told["failed"] = f"{what}: {type(result).__name__} {result}"[:300]
    return [s for s in students if "failed" not in s.told]


async def one_run(folder, repository, count, what, more=None):
    """Let `count` students start, pull, open a chapter and run it; return what was measured."""
    load, begin, all_before = os.getloadavg()[0], time.perf_counter(), used_by_all()
    async with hub(folder, more) as address:
        students = [Student(f"student{n:02d}", address, repository) for n in range(1, count + 1)]
        alone = by_owner(megabytes)
        watch = Watch()
        watching = asyncio.create_task(watch.run())
        stages, left = {}, students
        wanted = [("start", "start", ())]
        if what in CHAPTERS:
            wanted += [("pull", "pull", ()), ("run", "run", (CHAPTERS[what],))]
        for stage, does, arguments in wanted:
            at, before = time.perf_counter(), by_owner(processor)
            left = await together(left, does, *arguments)
            after = by_owner(processor)
            used = {owner: value - before.get(owner, 0.0) for owner, value in after.items()}
            for student in students:
                own = [value for (name, _), value in used.items() if name == student.name]
                student.told[f"{stage}_cpu_s"] = sum(own)
            core = sum(value for (name, _), value in used.items() if not name)
            stages[stage] = {"seconds": time.perf_counter() - at, "hub_and_proxy_cpu_s": core}
        await asyncio.sleep(2)
        watch.running = False
        await watching
        last = watch.sample()
        for student in students:
            for key in ("server", "kernel", "all"):
                student.told[f"{key}_peak_mb"] = watch.peaks.get((student.name, key), 0.0)
                student.told[f"{key}_after_mb"] = last.get((student.name, key), 0.0)
        spent = sum(by_owner(processor).values())
        seconds = time.perf_counter() - begin
        others = (used_by_all() - all_before - spent) / seconds
        core = [sum(v for (name, _), v in each.items() if not name) for each in (alone, last)]
    # Each warning and error once, without time, names and numbers.
    log = (folder / "hub" / "hub.log").read_text("utf-8")
    complaints = re.findall(r"^\[[EW] .*$", log, re.M)
    complaints = {re.sub(r"^.*?\] |student\d+|\d{4,}", "", each)[:160] for each in complaints}
    return {
        "students": count,
        "notebook": what,
        "settings": more or "JupyterHub's defaults",
        "load at the start": load,
        "load at the end": os.getloadavg()[0],
        "cores that others used": others,
        "finished": sum("failed" not in s.told and not s.told.get("errors") for s in students),
        "servers given up on": log.count("server never showed up"),
        "stages": stages,
        "hub_and_proxy_mb": {"without students": core[0], "at the end": core[1]},
        "machine_mb": {"the hub's processes, peak": watch.total, "available, least": watch.least},
        "medians": medians([s.told for s in students if "failed" not in s.told]),
        "each": [{"student": s.name} | s.told for s in students],
        "log": sorted(complaints),
    }


def medians(each):
    keys = [key for key in (each or [{}])[0] if isinstance(each[0][key], (int, float))]
    return {key: statistics.median(one[key] for one in each) for key in keys}


IDLE = "1 + 1"
PRINTS = "import time\nfor n in range(600):\n    print(n, flush=True)\n    time.sleep(1)"
SILENT = "import time\nend = time.time() + 600\nwhile time.time() < end:\n    time.sleep(0.01)"


# What a student does, and what stays open to see it: nothing, the kernel's websocket alone, or
# JupyterLab in a browser, which also asks for other things from time to time.
CASES = {
    "idle, nothing open": (IDLE, "nothing"),
    "idle, websocket open": (IDLE, "websocket"),
    "idle, JupyterLab open": (None, "page"),
    "prints, nothing open": (PRINTS, "nothing"),
    "computes silently, nothing open": (SILENT, "nothing"),
    "computes silently, websocket open": (SILENT, "websocket"),
}


async def culling(folder, repository, limit=40, watched=150):
    """Cull servers after `limit` idle seconds; return when each was gone, if it was."""
    more = {
        "JupyterHub": {"last_activity_interval": 3},
        "Spawner": {"environment": {"JUPYTERHUB_ACTIVITY_INTERVAL": "3"}},
    }
    async with (
        hub(folder, more, (f"--timeout={limit}", "--cull-every=3")) as address,
        async_playwright() as playwright,
    ):
        students = [Student(f"student{n:02d}", address, repository) for n in range(len(CASES))]
        await together(students, "start")
        if len(await together(students, "pull")) < len(CASES):
            return {"culling": [s.told for s in students]}
        browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        stay = []
        for student, (code, kept) in zip(students, CASES.values(), strict=True):
            if kept == "page":
                page = await browser.new_page()
                await page.goto(student.link)
                await page.fill("#username_input", student.name)
                await page.click("#login_submit")
                await page.wait_for_url("**/lab/**", timeout=120_000)
                continue
            _, connection, session = await student.open(CHAPTERS["sheet"])
            send(connection, session, code)
            await asyncio.sleep(1)
            if kept == "websocket":
                stay.append(connection)
            else:
                connection.close()
        begin, gone = time.perf_counter(), {}
        while (now := time.perf_counter() - begin) < watched:
            for student, case in zip(students, CASES, strict=True):
                answer = await fetch(f"{address}/hub/api/users/{student.name}")
                if case not in gone and not json.loads(answer.body).get("servers"):
                    gone[case] = round(now, 1)
            await asyncio.sleep(1)
        await browser.close()
    seconds = {case: gone.get(case) for case in CASES}
    return {"limit_s": limit, "watched_s": watched, "culled_after_s": seconds}


# -- what follows from them

CLASS_SIZES = (20, 50, 100, 200)
PATIENT = 120  # seconds until a hub gives up on a server, 30 by default
WAIT = 120  # seconds that a class waits when all run a whole chapter at the same moment
SYSTEM = 1000  # MiB for the operating system, which was not measured
NODE = {"cores": 16, "gb": 64}  # a node of a cluster, of which a core and 4 GB are the system's
MIB = 2**20 / 1e6  # MB; the charts' and systemd's M is 2^20 bytes


def newest():
    return json.loads(max((ROOT / "benchmarks").glob("hub_*.json")).read_text("utf-8"))


def up(value, step):
    """Return the next multiple of a step.

    >>> up(561.1, 50)
    600
    """
    return math.ceil(round(value / step, 6)) * step


def sizing(told):
    """Return what a student needs: MiB to reserve and at most, processor seconds, cores.

    Reserved is what the chapter that needs most took when a student was alone, who shares no
    pages; at most, what two further chapters' kernels add to it. The cores are those at which a
    class that starts, pulls and runs a chapter at the same moment waits `WAIT` seconds.
    """
    runs = [run for run in told["runs"] if run["notebook"].endswith("chapter")]
    alone = {run["notebook"]: run["medians"] for run in runs if run["students"] == 1}
    most = max(each["all_peak_mb"] for each in alone.values()) / MIB
    more = 2 * alone["NumPy chapter"]["kernel_peak_mb"] / MIB
    stages = ("start", "pull", "run")
    seconds = max(sum(run["medians"][f"{s}_cpu_s"] for s in stages) for run in runs)
    core = max(run["hub_and_proxy_mb"]["at the end"] for run in runs) / MIB
    return {
        "reserved": up(most, 50),
        "at most": up(most + more, 100),
        "seconds": seconds,
        "cores": up(seconds / WAIT * 100, 5) / 100,
        "hub": core,
    }


def table(told):
    """Return the rows (students, GB, cores, nodes) of the instructors' page."""
    need = sizing(told)
    by_memory = (NODE["gb"] - 4) * 1e3 / (need["reserved"] * MIB)
    each = int(min(by_memory, (NODE["cores"] - 1) / need["cores"]))
    for students in CLASS_SIZES:
        memory = (SYSTEM + need["hub"] + students * need["reserved"]) * MIB / 1e3
        cores = math.ceil(round(students * need["cores"], 6))
        yield students, math.ceil(memory), cores, math.ceil(students / each)


def rounded(value):
    if isinstance(value, float):
        return round(value, 2)
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, list) else value


def same(run):
    return run["students"], run["notebook"], str(run["settings"])


async def measure(folder, classes, wanted, more):
    AsyncHTTPClient.configure(None, max_clients=500)
    # Each student's browser needs a thread, or the class would sign in by and by.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2 * max(CROWDS)))
    repository = publish_handout(folder)
    for what in wanted:
        if what == "culling":
            yield {"culling": await culling(folder, repository)}
            continue
        for count in {"sheet": (1,), "start only": CROWDS}.get(what, classes):
            yield rounded(await one_run(folder, repository, count, what, more))


async def main(folder, classes, wanted, more):
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    install(folder)
    pins = (ROOT / "benchmarks" / "hub_requirements.txt").read_text("utf-8")
    date = datetime.date.today().isoformat()
    total = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) * 1024
    told = {
        "date": date,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "memory_mb": round(total / 1e6),
        "versions": [*re.findall(r"^[\w-]+==\S+", pins, re.M), PROXY.replace("@", "==")],
        "runs": [],
    }
    path = ROOT / "benchmarks" / f"hub_{date}.json"
    if path.exists():  # what is not measured now is kept
        told = json.loads(path.read_text("utf-8")) | {k: v for k, v in told.items() if v}
    async for result in measure(folder, classes, wanted, more):
        print(json.dumps({k: v for k, v in result.items() if k != "each"}, indent=1), flush=True)
        if "culling" in result:
            told |= result
        else:
            kept = [run for run in told["runs"] if same(run) != same(result)]
            told["runs"] = [*kept, result]
        path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", help="if none: show what follows")
    parser.add_argument("--classes", type=int, nargs="+", default=CLASSES)
    parser.add_argument("--what", nargs="+", choices=EVERYTHING, default=EVERYTHING)
    parser.add_argument("--patient", action="store_true", help="wait longer for a server")
    given = parser.parse_args()
    if given.folder:
        more = {"Spawner": {"http_timeout": PATIENT}} if given.patient else None
        asyncio.run(main(given.folder, given.classes, given.what, more))
    print(sizing(newest()), *table(newest()), sep="\n")
