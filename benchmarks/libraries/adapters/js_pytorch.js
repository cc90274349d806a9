// js-pytorch: its modules, with the gradient of its own autograd.
const { torch } = require("js-pytorch");
const { run } = require("./protocol");

const { nn } = torch;
const call = (name, claims, apply, kind) => ({
  name, claims, kind,
  value: (array, shape) => apply(torch.tensor(nested(array, shape))).data.flat(Infinity),
  slope: kind ? undefined : (array, shape) => {
    const x = torch.tensor(nested(array, shape), true);
    apply(x).backward();
    return x.grad.flat(Infinity);
  },
});
const nested = (array, shape) => {
  if (shape.length === 1) return Array.from(array);
  const size = array.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) => nested(array.slice(i * size, (i + 1) * size), shape.slice(1)));
};
run([
  call("nn.ReLU()", "relu", (x) => new nn.ReLU().forward(x)),
  call("torch.exp", "exp", (x) => torch.exp(x)),
  call("nn.Softmax().forward(x, -1)", "softmax", (x) => new nn.Softmax().forward(x, -1), "row"),
], { most: 4000 });
