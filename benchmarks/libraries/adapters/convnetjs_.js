// convnetjs: its activation layers, with the gradient of their own backward().
const convnetjs = require("convnetjs");
const { run, perRow } = require("./protocol");

const volume = (array) => {
  const x = new convnetjs.Vol(1, 1, array.length, 0);
  array.forEach((v, i) => { x.w[i] = v; });
  return x;
};
const call = (type, claims, Layer) => {
  const made = (array) => {
    const layer = new Layer({ in_sx: 1, in_sy: 1, in_depth: array.length });
    return [layer, volume(array)];
  };
  return {
    name: `type: '${type}'`, claims,
    value: (array) => {
      const [layer, x] = made(array);
      return Array.from(layer.forward(x, false).w);
    },
    slope: (array) => {
      const [layer, x] = made(array);
      const y = layer.forward(x, true);
      y.dw.fill ? y.dw.fill(1) : y.dw.forEach((_, i) => { y.dw[i] = 1; });
      layer.backward();
      return Array.from(x.dw);
    },
  };
};
run([
  call("relu", "relu", convnetjs.ReluLayer),
  call("sigmoid", "sigmoid", convnetjs.SigmoidLayer),
  call("tanh", "tanh", convnetjs.TanhLayer),
  perRow("type: 'softmax'", "softmax", (row) => {
    const layer = new convnetjs.SoftmaxLayer({ in_sx: 1, in_sy: 1, in_depth: row.length, num_classes: row.length });
    return Array.from(layer.forward(volume(row), false).w);
  }),
]);
