#!/bin/sh
# convnetjs' tanh is NaN from 355 up, and 0 beside 0.
# One would guess: 1 for large x, x for small x.
# What happens: (exp(2x) - 1) / (exp(2x) + 1) as it stands: infinity by infinity, and 1 - 1; the negative side is right.
# Version: convnetjs 0.3.0 (npm), November 2026.
# Source: build/convnet.js, function tanh, line 1226
. "$(dirname "$0")/setup.sh"
npm_packages convnetjs@0.3.0
node_script <<'CODE'
const convnetjs = require("convnetjs");
console.log("convnetjs", require("convnetjs/package.json").version);
for (const x of [-400, 1e-17, 1, 350, 400]) {
  const layer = new convnetjs.TanhLayer({ in_sx: 1, in_sy: 1, in_depth: 1 });
  const input = new convnetjs.Vol(1, 1, 1, x);
  console.log(`tanh(${x}) = ${layer.forward(input, false).w[0]}`);
}
CODE
seen <<'SEEN'
convnetjs 0.3.0
tanh(-400) = -1
tanh(1e-17) = 0
tanh(1) = 0.7615941559557649
tanh(350) = 1
tanh(400) = NaN
SEEN
