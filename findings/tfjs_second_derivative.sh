#!/bin/sh
# TensorFlow.js's second derivative of log(1 + exp(x)) has the wrong sign.
# One would guess: that of softplus, which it is: the slope of the sigmoid, 0.25 at 0.
# What happens: -0.25. The gradients of exp, tanh and sigmoid are computed from the saved output, which the outer gradient
#   does not follow. Where nothing else depends on x that is an error, as for tanh alone; beside another path it is dropped.
# Version: @tensorflow/tfjs 4.22.0 (npm), its cpu backend, November 2026.
# Source: tfjs-core/src/gradients/Exp_grad.ts, outputsToSave
. "$(dirname "$0")/setup.sh"
npm_packages @tensorflow/tfjs@4.22.0
node_script <<'CODE'
const tf = require("@tensorflow/tfjs");
tf.setBackend("cpu");
console.log("tfjs", tf.version.tfjs);
const functions = {
  "log1p(exp(x))": (x) => tf.log1p(tf.exp(x)),
  "softplus(x)": tf.softplus,
  "tanh(x)": tf.tanh,
};
for (const [name, f] of Object.entries(functions))
  for (const x of [0, 0.5]) {
    const slope = tf.grad(f);
    let second;
    try {
      second = tf.grad(slope)(tf.scalar(x)).dataSync()[0].toFixed(4);
    } catch (error) {
      second = "an error";
    }
    console.log(`${name} at ${x}: slope ${slope(tf.scalar(x)).dataSync()[0].toFixed(4)}, second derivative ${second}`);
  }
CODE
seen <<'SEEN'
tfjs 4.22.0
log1p(exp(x)) at 0: slope 0.5000, second derivative -0.2500
log1p(exp(x)) at 0.5: slope 0.6225, second derivative -0.3875
softplus(x) at 0: slope 0.5000, second derivative 0.2500
softplus(x) at 0.5: slope 0.6225, second derivative 0.2350
tanh(x) at 0: slope 1.0000, second derivative an error
tanh(x) at 0.5: slope 0.7864, second derivative an error
SEEN
