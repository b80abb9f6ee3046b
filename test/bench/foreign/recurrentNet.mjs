// A recurrent network built from closures over its weights.
const hidden = 8;
const sequence = Array.from({ length: 40 }, (_, i) => [Math.sin(0.3 * i), Math.cos(0.5 * i)]);
const targets = sequence.map((_, i) => Math.sin(0.3 * (i + 1)));

function reader(params) {
  let at = 0;
  const next = () => params[at++];
  const vector = (n) => Array.from({ length: n }, next);
  return { vector, matrix: (rows, cols) => Array.from({ length: rows }, () => vector(cols)) };
}

function linear(weights, bias) {
  return (x) => weights.map((row, i) => row.reduce((sum, w, j) => sum + w * x[j], bias[i]));
}

function cell(params) {
  const { vector, matrix } = reader(params);
  const fromInput = linear(matrix(hidden, 2), vector(hidden));
  const fromState = linear(matrix(hidden, hidden), vector(hidden));
  const output = linear(matrix(1, hidden), vector(1));
  return {
    step(state, input) {
      const a = fromInput(input);
      const b = fromState(state);
      return a.map((v, i) => Math.tanh(v + b[i]));
    },
    read: (state) => output(state)[0],
  };
}

export function loss(params) {
  const { step, read } = cell(params);
  let state = new Array(hidden).fill(0);
  let total = 0;
  sequence.forEach((input, t) => {
    state = step(state, input);
    const error = read(state) - targets[t];
    total += error * error;
  });
  return total / sequence.length;
}

export const start = Array.from(
  { length: hidden * 2 + hidden + hidden * hidden + hidden + hidden + 1 },
  (_, k) => 0.5 * Math.sin(1.7 * k + 0.2),
);
