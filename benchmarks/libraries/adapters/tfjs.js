// TensorFlow.js on its pure JavaScript backend: operations and Keras-like layers, with defaults.
const tf = require("@tensorflow/tfjs");
const { run } = require("./protocol");

const gradient = (f) => (array, shape) => tf.tidy(() => Array.from(tf.grad((x) => f(x).sum())(tf.tensor(array, shape)).dataSync()));
const call = (name, claims, f, given, kind) => ({
  name, claims, given, kind,
  value: (array, shape) => tf.tidy(() => Array.from(f(tf.tensor(array, shape)).dataSync())),
  slope: kind ? undefined : gradient(f),
});
const layer = (made) => (x) => made.apply(x.reshape([-1, 1])).reshape(x.shape);
const act = (activation) => layer(tf.layers.activation({ activation }));

(async () => {
  await tf.setBackend("cpu");
  await run([
    call("tf.relu", "relu", tf.relu),
    call("tf.relu6", "relu6", tf.relu6),
    call("tf.leakyRelu", "leaky_relu", (x) => tf.leakyRelu(x)),
    call("layers.leakyReLU()", "leaky_relu", layer(tf.layers.leakyReLU())),
    call("layers.prelu()", "prelu", layer(tf.layers.prelu())),
    call("layers.thresholdedReLU()", "threshold", layer(tf.layers.thresholdedReLU())),
    call("tf.elu", "elu", tf.elu),
    call("layers.elu()", "elu", layer(tf.layers.elu())),
    call("tf.selu", "selu", tf.selu),
    call("tf.sigmoid", "sigmoid", tf.sigmoid),
    call("tf.softplus", "softplus", tf.softplus),
    call("tf.logSigmoid", "log_sigmoid", tf.logSigmoid),
    call("tf.tanh", "tanh", tf.tanh),
    call("tf.clipByValue(x, -1, 1)", "hardtanh", (x) => tf.clipByValue(x, -1, 1)),
    call("tf.maximum(x, 0)", "relu", (x) => tf.maximum(x, 0)),
    call("tf.abs", "abs", tf.abs),
    call("tf.erf", "erf", tf.erf),
    call("tf.expm1", "expm1", tf.expm1),
    call("tf.sin", "sine", tf.sin),
    ...Object.entries({
      elu: "elu", relu: "relu", relu6: "relu6", selu: "selu", sigmoid: "sigmoid", hardSigmoid: "hardsigmoid",
      softplus: "softplus", softsign: "softsign", tanh: "tanh", linear: "identity", swish: "silu", mish: "mish",
      gelu: "gelu", gelu_new: "gelu_tanh",
    }).map(([name, claims]) => call(`layers.activation '${name}'`, claims, (x) => act(name)(x))),
    call("tf.losses.sigmoidCrossEntropy(1, z)", "bce_logits",
      (x) => tf.losses.sigmoidCrossEntropy(tf.onesLike(x), x, undefined, 0, tf.Reduction.NONE)),
    call("tf.softmax", "softmax", (x) => tf.softmax(x), {}, "row"),
    call("tf.logSoftmax", "log_softmax", (x) => tf.logSoftmax(x), {}, "row"),
    call("tf.logSumExp", "logsumexp", (x) => tf.logSumExp(x, -1), {}, "row"),
  ], { dtypes: ["float32"], most: 30000 });
})();
