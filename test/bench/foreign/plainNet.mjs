// A network of 4,899 weights in nested arrays, with backpropagation by hand beside it.
const sizes = [64, 72, 3];
const shapes = sizes.slice(1).map((outputs, layer) => ({ inputs: sizes[layer], outputs }));
const total = shapes.reduce((sum, { inputs, outputs }) => sum + outputs * (inputs + 1), 0);

const samples = Array.from({ length: 50 }, (_, i) => ({
  input: Array.from({ length: sizes[0] }, (_, j) => Math.sin(1.3 * i + 0.7 * j)),
  target: Array.from({ length: sizes.at(-1) }, (_, j) => Math.cos(0.4 * i + j)),
}));

function unpack(params) {
  const layers = [];
  let at = 0;
  for (const { inputs, outputs } of shapes) {
    const weights = [];
    for (let o = 0; o < outputs; o++) {
      const row = [];
      for (let i = 0; i < inputs; i++) row.push(params[at++]);
      weights.push(row);
    }
    const biases = [];
    for (let o = 0; o < outputs; o++) biases.push(params[at++]);
    layers.push({ weights, biases });
  }
  return layers;
}

function forward(layers, input) {
  let activations = input;
  layers.forEach(({ weights, biases }, index) => {
    const isLast = index === layers.length - 1;
    activations = weights.map((row, o) => {
      const z = row.reduce((sum, w, i) => sum + w * activations[i], biases[o]);
      return isLast ? z : Math.tanh(z);
    });
  });
  return activations;
}

export function loss(params) {
  const layers = unpack(params);
  let sum = 0;
  for (const { input, target } of samples)
    forward(layers, input).forEach((value, k) => {
      sum += (value - target[k]) ** 2;
    });
  return sum / samples.length;
}

export function byHand(params, grad) {
  grad.fill(0);
  let sum = 0;
  for (const { input, target } of samples) {
    const outputs = [input];
    let at = 0;
    for (const [index, { inputs, outputs: count }] of shapes.entries()) {
      const x = outputs[index];
      const y = new Array(count);
      const bias = at + count * inputs;
      for (let o = 0; o < count; o++) {
        let z = params[bias + o];
        for (let i = 0; i < inputs; i++) z += params[at + o * inputs + i] * x[i];
        y[o] = index === shapes.length - 1 ? z : Math.tanh(z);
      }
      outputs.push(y);
      at = bias + count;
    }
    const last = outputs.at(-1);
    let delta = last.map((value, k) => (2 * (value - target[k])) / samples.length);
    for (let k = 0; k < last.length; k++) sum += (last[k] - target[k]) ** 2;
    for (let index = shapes.length - 1; index >= 0; index--) {
      const { inputs, outputs: count } = shapes[index];
      at -= count * (inputs + 1);
      const x = outputs[index];
      const back = new Array(inputs).fill(0);
      for (let o = 0; o < count; o++) {
        const d = delta[o];
        const row = at + o * inputs;
        for (let i = 0; i < inputs; i++) {
          grad[row + i] += d * x[i];
          back[i] += d * params[row + i];
        }
        grad[at + count * inputs + o] += d;
      }
      if (index > 0) delta = back.map((value, i) => value * (1 - x[i] * x[i]));
    }
  }
  return sum / samples.length;
}

export const start = Array.from({ length: total }, (_, k) => 0.3 * Math.sin(2.1 * k + 0.3));
