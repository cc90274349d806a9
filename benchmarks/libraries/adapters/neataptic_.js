// neataptic: every function of its methods.activation, with the derivative that it trains by.
const { methods } = require("neataptic");
const { run, scalar } = require("./protocol");

const CLAIMS = {
  LOGISTIC: "sigmoid", TANH: "tanh", IDENTITY: "identity", RELU: "relu", SOFTSIGN: "softsign",
  SINUSOID: "sine", GAUSSIAN: "gaussian", HARD_TANH: "hardtanh", ABSOLUTE: "abs", SELU: "selu",
};
const has = Object.keys(methods.activation).filter((name) => typeof methods.activation[name] === "function");
run(has.map((name) => {
  const f = methods.activation[name];
  return scalar(`activation.${name}`, CLAIMS[name] || "", (x) => f(x), (x) => f(x, true));
}));
