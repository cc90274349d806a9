// brain.js: a network of one neuron with weight 1 and no bias, for each of its activations. The
// slope is what its training multiplies an error of 1 by.
const brain = require("brain.js");
const { run, scalar } = require("./protocol");

const CLAIMS = { sigmoid: "sigmoid", relu: "relu", "leaky-relu": "leaky_relu", tanh: "tanh" };
const network = (activation) => {
  const net = new brain.NeuralNetwork({ activation, hiddenLayers: [] });
  net.sizes = [1, 1];
  net.initialize();
  net.weights[1][0][0] = 1;
  net.biases[1][0] = 0;
  return net;
};
run(Object.keys(CLAIMS).map((activation) => {
  const net = network(activation);
  const value = (x) => net.runInput([x])[0];
  const slope = (x) => {
    const output = value(x);
    net.calculateDeltas([output + 1]);
    return net.deltas[1][0];
  };
  return scalar(`activation: '${activation}'`, CLAIMS[activation], value, slope);
}), { dtypes: ["float32"] });  // in which its networks compute
