#!/bin/sh
# Dannjs trains its leaky sigmoid with a slope of -72 at 800, where it rises by 0.01.
# One would guess: leakySigmoid_d is the derivative of leakySigmoid, sigmoid(x) + x / 100: positive everywhere.
# What happens: it is y (1 - y), as for a sigmoid, of a y that is no longer between 0 and 1: negative from about 5 on,
#   and ever more so.
# Version: dannjs 2.3.13 (npm), November 2026.
# Source: build/dann.js, leakySigmoid_d
. "$(dirname "$0")/setup.sh"
npm_packages dannjs@2.3.13
node_script <<'CODE'
const { activations } = require("dannjs");
const { leakySigmoid: f, leakySigmoid_d: slope } = activations, h = 1e-5;
console.log("dannjs", require("dannjs/package.json").version);
for (const x of [-5, 0, 5, 800]) {
  const measured = (f(x + h) - f(x - h)) / (2 * h);
  console.log(`at ${x}: said ${slope(x).toFixed(4)}, measured ${measured.toFixed(4)}`);
}
CODE
seen <<'SEEN'
dannjs 2.3.13
at -5: said -0.0452, measured 0.0166
at 0: said 0.2500, measured 0.2600
at 5: said -0.0452, measured 0.0166
at 800: said -72.0000, measured 0.0100
SEEN
