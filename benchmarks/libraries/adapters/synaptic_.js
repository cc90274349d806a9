// synaptic: every function of Neuron.squash, with the derivative that it trains by.
const { Neuron } = require("synaptic");
const { run, scalar } = require("./protocol");

const CLAIMS = { LOGISTIC: "sigmoid", TANH: "tanh", IDENTITY: "identity", RELU: "relu" };
run(Object.keys(Neuron.squash).map((name) => {
  const f = Neuron.squash[name];
  return scalar(`squash.${name}`, CLAIMS[name] || "", (x) => f(x), (x) => f(x, true));
}));
