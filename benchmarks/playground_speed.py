"""Measure training in a page: the playground against a network of objects, in the same page.

`python benchmarks/playground_speed.py` opens Chromium and lets both train in turns, with the same
points, weights and batches, binary cross-entropy and plain SGD. The peer, `node_network.js`, has
an object for each unit and each weight and sends examples through one at a time, the usual design
of a playground. Before any timing, both must agree on the loss after `CHECKED` steps. Stored in a
dated file beside this one, for each network:

- samples: training samples per second, the median of the rounds, ours first
- boundary: ms for the probabilities at 64 x 64 points
- steps per frame: how many fit into 1/60 s together with one boundary
- ratio: of speeds, ours over the peer's, the median over rounds and the middle half of them

Ours is the compiled kernel; `--script` measures what a page without WebAssembly does, and stores
nothing.

The machine's load changes the speeds, but that of both in a round alike: compare the ratios.
"""

import argparse
import datetime
import json
import os
import sys
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from actlib.widgets.kit import assets
from actlib.widgets.playground.plane import packed
from actlib.widgets.playground.tables import table

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "kit"))

from browser import ARGUMENTS, chromium  # noqa: E402

NETWORKS = [("tanh", [2, 4, 2, 1]), ("relu", [2, 8, 8, 8, 1]), ("tanh", [2, 16, 16, 16, 16, 1])]
BATCH, GRID, LR = 10, 64, 0.03
CHECKED = 200
ROUNDS = 15

SETUP = """
  ({ name, sizes, table, data, batchSize, lr, grid, script }) => {
    const seed = 1;
    const { train, test } = points(data, 0.1, 0);
    const activations = sizes.slice(2).map(() => activation(table, name));
    const kernel = script ? null : compiled(KERNEL);
    const run = training({
      sizes, activations, init: "xavier", seed, optimizer: "sgd", lr, batchSize, train, test,
      kernel,
    });
    const peer = nodeNetwork(run, name);
    // The batches that the run draws, after its weights, from the same generator. The peer gets
    // those of 50 epochs ready-made: it is not charged for drawing them.
    const draws = generator(seed);
    for (const weights of run.weights) for (let i = 0; i < weights.length; i++) draws.normal();
    const epoch = new Int32Array(train.n);
    const order = new Int32Array(50 * train.n).map((_, i) => {
      if (i % train.n === 0) draws.permute(epoch);
      return epoch[i % train.n];
    });
    let at = 0;
    function peerStep() {
      if (at === order.length) at = 0;
      for (const end = at + batchSize; at < end; at++) {
        const i = order[at];
        peer.forward(train.x[2 * i], train.x[2 * i + 1]);
        peer.backward(train.y[i]);
      }
      peer.update(lr);
    }
    const out = new Float64Array(grid * grid);
    function peerGrid() {
      const n = grid / 4;
      for (let i = 0; i < n * n; i++) {
        const z = peer.forward((i % n) * (3 / n) - 1.5, 1.5 - Math.floor(i / n) * (3 / n));
        out[i] = 1 / (1 + Math.exp(-z));
      }
    }
    function peerLoss() {
      let sum = 0;
      for (let i = 0; i < train.n; i++) {
        const z = peer.forward(train.x[2 * i], train.x[2 * i + 1]);
        sum += Math.log1p(Math.exp(train.y[i] ? -z : z));
      }
      return sum / train.n;
    }
    const both = [
      { step: run.step, grid: () => run.grid(grid / 4, 1.5, out) },
      { step: peerStep, grid: peerGrid },
    ];
    // ms for a piece of work: the lowest fifth of many turns of about 2 ms, long compared with the
    // clock's 0.1 ms. An interruption by another program can only lengthen a turn.
    function clock(work, milliseconds) {
      const counts = [0, 0, 0].map(() => {
        let count = 0;
        for (const start = performance.now(); performance.now() - start < 6; count++) work();
        return count;
      });
      const turn = Math.ceil(Math.max(...counts) / 3);
      const times = [];
      for (const start = performance.now(); performance.now() - start < milliseconds; ) {
        const before = performance.now();
        for (let i = 0; i < turn; i++) work();
        times.push((performance.now() - before) / turn);
      }
      return times.sort((a, b) => a - b)[Math.floor(times.length / 5)];
    }
    // For a step, and for a boundary: 16 times one with a quarter as many points along a side.
    const measure = ({ step, grid }, milliseconds) =>
      [clock(step, milliseconds), 16 * clock(grid, milliseconds / 2)];
    globalThis.bench = {
      losses(steps) {
        for (let i = 0; i < steps; i++) for (const each of both) each.step();
        return [run.measure().trainLoss, peerLoss()];
      },
      round: (milliseconds) => both.map((each) => measure(each, milliseconds)),
    };
  }
"""


def load(page):
    """Load both networks into a page, as modules."""
    ours = assets.FIGURES / "playground"
    for path in (ours / "training.js", ours / "kernel.js", HERE / "node_network.js"):
        page.evaluate(
            "text => import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })))"
            ".then((module) => Object.assign(globalThis, module))",
            path.read_text("utf-8"),
        )


def compare(page, name, sizes, milliseconds, *, script):
    """Let both train in turns; return a dict of what was measured."""
    options = {"name": name, "sizes": sizes, "table": table(name), "data": packed("moons")}
    page.evaluate(SETUP, {**options, "batchSize": BATCH, "lr": LR, "grid": GRID, "script": script})
    ours, peers = page.evaluate(f"bench.losses({CHECKED})")
    if not abs(ours - peers) < 1e-6:
        sys.exit(f"the two networks differ after {CHECKED} steps: losses {ours} and {peers}")
    page.evaluate("bench.round(300)")  # so that both are compiled
    rounds = np.array([page.evaluate(f"bench.round({milliseconds})") for _ in range(ROUNDS)])
    step, boundary = np.moveaxis(rounds, 2, 0)
    steps = np.maximum(0, 1000 / 60 - np.median(boundary, axis=0)) / np.median(step, axis=0)
    return {
        "network": "-".join(map(str, sizes)),
        "activation": name,
        "loss_difference": float(f"{abs(ours - peers):.1e}"),
        "samples_per_s": [round(1000 * BATCH / float(each)) for each in np.median(step, axis=0)],
        "boundary_ms": [round(float(each), 2) for each in np.median(boundary, axis=0)],
        "steps_per_frame": [round(float(each)) for each in steps],
        "ratio": _spread(step[:, 1] / step[:, 0]),
        "boundary_ratio": _spread(boundary[:, 1] / boundary[:, 0]),
    }


def _spread(ratios):
    low, median, high = (round(float(q), 2) for q in np.quantile(ratios, [0.25, 0.5, 0.75]))
    return {"median": median, "middle_half": [low, high]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--milliseconds", type=int, default=200, help="duration of each turn in a round"
    )
    parser.add_argument("--script", action="store_true", help="without the compiled kernel")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page()
        load(page)
        found = []
        for name, sizes in NETWORKS:
            found.append(compare(page, name, sizes, options.milliseconds, script=options.script))
            print(json.dumps(found[-1]))
        version = browser.version
        browser.close()
    if options.script:
        return
    today = datetime.date.today().isoformat()
    result = {
        "date": today,
        "browser": f"Chromium {version}",
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "batch": BATCH,
        "rounds": ROUNDS,
        "order": ["kernel.js", "node_network.js"],
        "networks": found,
    }
    path = HERE / f"playground_speed_{today}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"Stored as {path.relative_to(HERE.parent)}")


if __name__ == "__main__":
    main()
