#!/bin/sh
# neataptic trains softsign with a slope that is 0 at 0, where the true one is largest.
# One would guess: activation(x, true) is the derivative, 1 / (1 + |x|)^2: 1 at 0, and always positive.
# What happens: x / (1 + |x|)^2: 0 at 0 and negative for negative x, so that such a unit climbs where it should descend.
# Version: neataptic 1.4.7 (npm), November 2026.
# Source: src/methods/activation.js, SOFTSIGN
. "$(dirname "$0")/setup.sh"
npm_packages neataptic@1.4.7
node_script <<'CODE'
const { methods } = require("neataptic");
const f = methods.activation.SOFTSIGN, h = 1e-6;
console.log("neataptic", require("neataptic/package.json").version);
for (const x of [-2, 0, 2]) {
  const measured = (f(x + h) - f(x - h)) / (2 * h);
  console.log(`at ${x}: said ${f(x, true).toFixed(4)}, measured ${measured.toFixed(4)}`);
}
CODE
seen <<'SEEN'
neataptic 1.4.7
at -2: said -0.2222, measured 0.1111
at 0: said 0.0000, measured 1.0000
at 2: said 0.2222, measured 0.1111
SEEN
