#!/bin/sh
# brain.js has its leaky ReLU the wrong way round.
# One would guess: x for positive x, 0.01 x for negative x.
# What happens: 0.01 x for positive x, 0 for negative x.
# Version: brain.js 1.6.1 (npm), November 2026.
# Source: dist/neural-network.js, line 287: sum < 0 ? 0 : alpha * sum
. "$(dirname "$0")/setup.sh"
npm_packages brain.js@1.6.1
node_script <<'CODE'
const brain = require("brain.js");
console.log("brain.js", require("brain.js/package.json").version);
for (const activation of ["relu", "leaky-relu"]) {
  const net = new brain.NeuralNetwork({ activation, hiddenLayers: [] });
  net.sizes = [1, 1];
  net.initialize();
  net.weights[1][0][0] = 1;  // one unit, weight 1, no bias: the activation alone
  net.biases[1][0] = 0;
  console.log(activation, [-100, -1, 1, 100].map((x) => +net.runInput([x])[0].toFixed(4)).join(" "));
}
CODE
seen <<'SEEN'
brain.js 1.6.1
relu 0 0 1 100
leaky-relu 0 0 0.01 1
SEEN
