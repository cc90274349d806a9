#!/bin/sh
# ml-fnn has 14 names of activations, and computes tanh for each.
# One would guess: new FeedForwardNeuralNetworks({ activation: "relu" }) has ReLU units.
# What happens: trained from the same seed, "relu", "identity" and "logistic" predict what "tanh" does, digit by digit.
# Version: ml-fnn 5.0.0 (npm), November 2026.
# Source: FeedForwardNeuralNetwork.js, line 267: "activation in Object.keys(…)" asks an array for an
#   index, is never true, and sets tanh.
. "$(dirname "$0")/setup.sh"
npm_packages ml-fnn@5.0.0
node_script <<'CODE'
const Network = require("ml-fnn");
const one = Network.default || Network;
const inputs = [[0, 0], [0, 1], [1, 0], [1, 1]];
const predictions = {};
for (const activation of ["tanh", "relu", "identity", "logistic", "softplus"]) {
  let seed = 1;
  Math.random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const net = new one({ hiddenLayers: [4], iterations: 50, learningRate: 0.1, activation });
  net.train(inputs, [[1, 0], [0, 1], [0, 1], [1, 0]]);
  predictions[activation] = JSON.stringify(net.predict(inputs));
}
console.log("ml-fnn", require("ml-fnn/package.json").version);
for (const [name, told] of Object.entries(predictions)) console.log(name, "as tanh:", told === predictions.tanh);
CODE
seen <<'SEEN'
ml-fnn 5.0.0
tanh as tanh: true
relu as tanh: true
identity as tanh: true
logistic as tanh: true
softplus as tanh: true
SEEN
