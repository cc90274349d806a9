// ml-fnn: its public class, untrained but for weights of one unit, for each activation's name.
const FeedForwardNeuralNetworks = require("ml-fnn");
const { Matrix } = require("ml-matrix");
const { run } = require("./protocol");

const CLAIMS = {
  tanh: "tanh", identity: "identity", logistic: "sigmoid", softsign: "softsign", relu: "relu",
  softplus: "softplus", sinusoid: "sine", gaussian: "gaussian", sinc: "", arctan: "", bent: "",
  "parametric-relu": "prelu", "exponential-elu": "elu",
};
const Network = FeedForwardNeuralNetworks.default || FeedForwardNeuralNetworks;
run(Object.keys(CLAIMS).map((name) => {
  const net = new Network({ hiddenLayers: [1], activation: name, iterations: 1 });
  net.train([[0], [1]], [[0], [1]]);
  const layer = net.model[0];
  layer.W.set(0, 0, 1);
  layer.b.set(0, 0, 0);
  const value = (array) => layer.forward(new Matrix(Array.from(array, (x) => [x]))).getColumn(0);
  // What training multiplies by: the derivative of the layer, which it takes at its results.
  const slope = (array) => new Matrix(value(array).map((y) => [y])).apply(layer.derivate).getColumn(0);
  return { name: `activation: '${name}'`, claims: CLAIMS[name], value, slope };
}));
