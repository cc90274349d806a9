// The peer of playground_speed.py, written for the comparison: a network of objects, one per
// unit and one per weight, with examples sent through one at a time. The design follows that of
// tensorflow/playground: every unit knows its weights on both sides, every weight keeps its last
// slope and a sum of slopes until the next update, every example becomes a list of features.

const FUNCTIONS = {
  relu: { value: (z) => Math.max(0, z), slope: (z) => (z > 0 ? 1 : 0) },
  tanh: {
    value: (z) => Math.tanh(z),
    slope: (z) => {
      const a = Math.tanh(z);
      return 1 - a * a;
    },
  },
  linear: { value: (z) => z, slope: () => 1 },
};
const FEATURES = [(x1) => x1, (x1, x2) => x2];

class Weight {
  constructor(from, to, value) {
    Object.assign(this, { from, to, value, slope: 0, slopes: 0, count: 0 });
  }
}

class Unit {
  constructor(bias, activation) {
    Object.assign(this, { bias, activation, into: [], outOf: [] });
    Object.assign(this, { z: 0, a: 0, dz: 0, da: 0, slopes: 0, count: 0 });
  }
  fire() {
    this.z = this.bias;
    for (let i = 0; i < this.into.length; i++) {
      const weight = this.into[i];
      this.z += weight.value * weight.from.a;
    }
    this.a = this.activation.value(this.z);
    return this.a;
  }
}

// Layers of units with the weights and biases of a run of training.js.
export function nodeNetwork(run, name) {
  const layers = [FEATURES.map(() => new Unit(0, FUNCTIONS.linear))];
  run.weights.forEach((weights, i) => {
    const isOutput = i === run.weights.length - 1;
    const width = run.sizes[i + 1];
    layers.push(Array.from({ length: width }, (_, j) => {
      const unit = new Unit(run.biases[i][j], FUNCTIONS[isOutput ? "linear" : name]);
      layers[i].forEach((from, k) => {
        const weight = new Weight(from, unit, weights[k * width + j]);
        unit.into.push(weight);
        from.outOf.push(weight);
      });
      return unit;
    }));
  });
  const output = layers[layers.length - 1][0];

  function forward(x1, x2) {
    const inputs = FEATURES.map((feature) => feature(x1, x2));
    layers[0].forEach((unit, i) => (unit.a = inputs[i]));
    for (let i = 1; i < layers.length; i++) {
      const layer = layers[i];
      for (let j = 0; j < layer.length; j++) layer[j].fire();
    }
    return output.a;
  }
  function backward(label) {
    output.da = 1 / (1 + Math.exp(-output.a)) - label;
    for (let i = layers.length - 1; i > 0; i--) {
      const layer = layers[i];
      for (let j = 0; j < layer.length; j++) {
        const unit = layer[j];
        unit.dz = unit.da * unit.activation.slope(unit.z);
        unit.slopes += unit.dz;
        unit.count += 1;
      }
      for (let j = 0; j < layer.length; j++) {
        const unit = layer[j];
        for (let k = 0; k < unit.into.length; k++) {
          const weight = unit.into[k];
          weight.slope = unit.dz * weight.from.a;
          weight.slopes += weight.slope;
          weight.count += 1;
        }
      }
      if (i === 1) continue;
      const before = layers[i - 1];
      for (let j = 0; j < before.length; j++) {
        const unit = before[j];
        unit.da = 0;
        for (let k = 0; k < unit.outOf.length; k++) {
          const weight = unit.outOf[k];
          unit.da += weight.value * weight.to.dz;
        }
      }
    }
  }
  function update(lr) {
    for (let i = 1; i < layers.length; i++) {
      for (const unit of layers[i]) {
        unit.bias -= (lr * unit.slopes) / unit.count;
        [unit.slopes, unit.count] = [0, 0];
        for (const weight of unit.into) {
          weight.value -= (lr / weight.count) * weight.slopes;
          [weight.slopes, weight.count] = [0, 0];
        }
      }
    }
  }
  return { forward, backward, update };
}
