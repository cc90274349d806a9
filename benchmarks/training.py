"""Measure training in a page: the playground's kernel against TensorFlow.js and NumPy.

`python benchmarks/training.py` fetches TensorFlow.js with npm into a temporary folder, opens
Chromium, and lets each train in turns on the course's digits: batches of 50, ReLU, SGD with
momentum. In the page: the kernel (float64), the same in plain JavaScript, and TensorFlow.js
(float32) by its backends `wasm` and `cpu`, composed of its operations, with the batches as tensors
made beforehand; between their turns `networks.train`, in this process, with one thread. Before any
timing, all must agree on the loss after `CHECKED` steps. Stored in a dated file beside this one,
for each network:

- samples: training samples per second, the median of the rounds
- ratio: of the kernel's speed over each other's in the same round: the median and both extremes

A turn is many short pieces, of which the fastest tenth counts: an interruption by another program
only lengthens a piece. The machine's load still changes the speeds: compare the ratios.
"""

import os

# Before NumPy is imported.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import datetime
import functools
import http.server
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from actlib import datasets, networks
from actlib.widgets.kit import assets
from actlib.widgets.playground.tables import table

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "kit"))

from browser import ARGUMENTS, chromium  # noqa: E402

TENSORFLOW = "4.22.0"
PACKAGES = {"tfjs": "tf", "tfjs-backend-wasm": "tf-backend-wasm"}
# With its learning rate: ten layers at 0.02 are so far from smooth that float32 alone moves the
# loss after 26 steps by a tenth.
NETWORKS = {(64, 64, 10): 0.02, (64, *[128] * 10, 10): 0.001}
BATCH, MOMENTUM, ROWS = 50, 0.9, 1300
CHECKED, ROUNDS, SHARE = 26, 5, 0.1

SETUP = """
  async ({ sizes, table, x, y, batch, lr, momentum }) => {
    const n = y.length;
    const set = { n, x: Float64Array.from(x), y: Int32Array.from(y) };
    const make = (kernel) => training({
      sizes, activations: sizes.slice(2).map(() => activation(table, "relu")), init: "he", seed: 1,
      optimizer: "sgd", lr, momentum, batchSize: batch, train: set, test: set, kernel,
    });
    const runs = { kernel: make(compiled(KERNEL)), script: make(null) };
    // The first epoch's batches, which the peer repeats.
    const draws = generator(1);
    for (const w of runs.kernel.weights) for (let i = 0; i < w.length; i++) draws.normal();
    const order = new Int32Array(n);
    draws.permute(order);
    function peer(backend) {
      const batches = [];
      for (let from = 0; from < n; from += batch) {
        const rows = [...order.subarray(from, from + batch)];
        const inputs = rows.map((i) => [...set.x.subarray(64 * i, 64 * i + 64)]);
        const labels = tf.tensor1d(rows.map((i) => set.y[i]), "int32");
        batches.push([tf.tensor2d(inputs), tf.oneHot(labels, 10)]);
      }
      const { weights, biases } = runs.kernel;
      const single = (row, shape) => tf.variable(tf.tensor(Float32Array.from(row), shape));
      const w = weights.map((row, i) => single(row, [sizes[i], sizes[i + 1]]));
      const b = biases.map((row) => single(row, [row.length]));
      const optimizer = tf.train.momentum(lr, momentum);
      const forward = (a) => w.reduce((a, w, i) => {
        const z = tf.add(tf.matMul(a, w), b[i]);
        return i < sizes.length - 2 ? tf.relu(z) : z;
      }, a);
      // The loss of TensorFlow.js and its gradient, in one operation of its own.
      const loss = ([x, y]) => tf.losses.softmaxCrossEntropy(y, forward(x));
      let at = 0;
      return {
        step() {
          const own = batches[at];
          at = (at + 1) % batches.length;
          optimizer.minimize(() => loss(own), false, [...w, ...b]);
        },
        loss: () => tf.tidy(() => {
          const each = batches.map((own) => loss(own).dataSync()[0]);
          return each.reduce((one, other) => one + other) / each.length;
        }),
        backend,
      };
    }
    globalThis.trained = { ...runs };
    for (const backend of ["wasm", "cpu"]) {
      await tf.setBackend(backend);
      await tf.ready();
      trained[backend] = peer(backend);
    }
    const enter = async ({ backend }) => backend && tf.setBackend(backend);
    globalThis.losses = async (steps) => {
      const found = {};
      for (const [name, each] of Object.entries(trained)) {
        await enter(each);
        for (let i = 0; i < steps; i++) each.step();
        found[name] = each.loss ? each.loss() : each.measure().trainLoss;
      }
      return found;
    };
    // ms for a step: the fastest tenth of pieces of about 4 ms, long compared with the clock's
    // 0.1 ms, or of one step.
    globalThis.turn = async (name, milliseconds, share) => {
      const own = trained[name];
      await enter(own);
      let count = 0;
      const start = performance.now();
      do own.step();
      while (++count < 3 || performance.now() - start < 40);
      const piece = Math.max(1, Math.round((4 * count) / (performance.now() - start)));
      const times = [];
      for (const from = performance.now(); performance.now() - from < milliseconds; ) {
        const before = performance.now();
        for (let i = 0; i < piece; i++) own.step();
        times.push((performance.now() - before) / piece);
      }
      return times.sort((a, b) => a - b)[Math.floor(share * times.length)];
    };
  }
"""


def load(page):
    """Load TensorFlow.js and the playground's modules into a page."""
    for package, file in PACKAGES.items():
        page.add_script_tag(url=f"/node_modules/@tensorflow/{package}/dist/{file}.min.js")
    page.evaluate("tf.wasm.setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/')")
    for name in ("training.js", "kernel.js"):
        page.evaluate(
            "text => import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })))"
            ".then((module) => Object.assign(globalThis, module))",
            (assets.FIGURES / "playground" / name).read_text("utf-8"),
        )


def numpy_turn(net, x, y, lr, milliseconds):
    """Return ms for a step of `networks.train`: the fastest tenth of epochs, or of four steps."""
    # Fewer steps at a time where they are long.
    rows = len(x) if len(net.sizes) == 3 else 4 * BATCH
    settings = {"lr": lr, "momentum": MOMENTUM, "batch_size": BATCH, "epochs": 1, "record": False}
    times, rng = [], np.random.default_rng(0)
    start = time.perf_counter()
    while time.perf_counter() - start < milliseconds / 1000:
        before = time.perf_counter()
        networks.train(net, x[:rows], y[:rows], rng=rng, **settings)
        times.append(1000 * (time.perf_counter() - before) / (rows / BATCH))
    return float(np.sort(times)[int(SHARE * len(times))])


def compare(page, sizes, lr, milliseconds):
    """Let all train in turns; return a dict of what was measured."""
    data = datasets.digits(np.random.default_rng(0))
    x, y = data.x_train[:ROWS], data.y_train[:ROWS]
    given = {"sizes": sizes, "table": table("relu"), "x": x.ravel().tolist(), "y": y.tolist()}
    page.evaluate(SETUP, {**given, "batch": BATCH, "lr": lr, "momentum": MOMENTUM})
    found = page.evaluate(f"losses({CHECKED})")
    rng = np.random.default_rng(1)
    net = networks.MLP(sizes, "relu", "he", rng)
    settings = {"lr": lr, "momentum": MOMENTUM, "batch_size": BATCH}
    networks.train(net, x, y, **settings, epochs=CHECKED * BATCH // ROWS, rng=rng, record=False)
    found["numpy"] = net.loss(x, y)
    print({name: round(loss, 6) for name, loss in found.items()})
    for name, loss in found.items():
        # TensorFlow.js computes in float32.
        if not abs(loss / found["numpy"] - 1) < (1e-3 if name in ("wasm", "cpu") else 1e-9):
            sys.exit(f"{name} differs after {CHECKED} steps: losses {found}")
    names = ["kernel", "script", "wasm", "cpu"]
    for name in names:
        page.evaluate(f"turn('{name}', {milliseconds}, 0)")  # so that all are compiled
    rounds = []
    for _ in range(ROUNDS):
        rounds.append([page.evaluate(f"turn('{name}', {milliseconds}, {SHARE})") for name in names])
        rounds[-1].append(numpy_turn(net, x, y, lr, milliseconds))
    names.append("numpy")
    times = np.array(rounds)
    middle = np.median(times, axis=0)
    return {
        "network": "-".join(map(str, sizes)),
        "lr": lr,
        "loss": found,
        "samples_per_s": {
            name: round(1000 * BATCH / float(each))
            for name, each in zip(names, middle, strict=True)
        },
        "ratio": {name: _spread(times[:, i] / times[:, 0]) for i, name in enumerate(names) if i},
    }


def _spread(ratios):
    low, median, high = (round(float(q), 2) for q in np.quantile(ratios, [0, 0.5, 1]))
    return {"median": median, "extremes": [low, high]}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--milliseconds", type=int, default=1000, help="duration of each turn")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        wanted = [f"@tensorflow/{package}@{TENSORFLOW}" for package in PACKAGES]
        quiet = ["--silent", "--no-audit", "--no-fund", "--prefix", folder]
        subprocess.run(["npm", "install", *quiet, *wanted], check=True)
        Path(folder, "index.html").write_text("<!doctype html><title>Training</title>")
        handler = functools.partial(Quiet, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page()
        page.set_default_timeout(600_000)
        page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
        load(page)
        found = []
        for sizes, lr in NETWORKS.items():
            found.append(compare(page, sizes, lr, options.milliseconds))
            print(json.dumps(found[-1]))
        simd, threads, version = (
            page.evaluate("tf.env().get('WASM_HAS_SIMD_SUPPORT')"),
            page.evaluate("tf.wasm.getThreadsCount()"),
            browser.version,
        )
        browser.close()
        server.shutdown()
    today = datetime.date.today().isoformat()
    result = {
        "date": today,
        "browser": f"Chromium {version}",
        "tensorflow": {"version": TENSORFLOW, "simd": simd, "threads": threads},
        "numpy": np.__version__,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "batch": BATCH,
        "rounds": ROUNDS,
        "networks": found,
    }
    path = HERE / f"training_{today}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"Stored as {path.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main()
