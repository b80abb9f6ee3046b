// A loss that runs an optimizer with callbacks inside: step sizes and momentum are learned through 30 unrolled steps.
function minimize({ gradient, start, steps, update, onStep }) {
  let state = { x: start.slice(), v: start.map(() => 0) };
  for (let k = 0; k < steps; k++) {
    const g = gradient(state.x);
    state = update(state, g, k);
    if (onStep) onStep(k, state.x);
  }
  return state.x;
}

const target = [1, -2, 0.5, 3, -1, 2];
const curvature = [1, 4, 0.5, 2, 8, 3];

export function loss([logRate, momentum, decay]) {
  const history = [];
  const x = minimize({
    start: [0, 0, 0, 0, 0, 0],
    steps: 30,
    gradient: (at) => at.map((v, i) => curvature[i] * (v - target[i])),
    update: ({ x, v }, g, k) => {
      const rate = Math.exp(logRate) / (1 + decay * k);
      const velocity = v.map((each, i) => momentum * each - rate * g[i]);
      return { x: x.map((each, i) => each + velocity[i]), v: velocity };
    },
    onStep: (k, at) => {
      if (k % 5 === 4) history.push(at.reduce((s, v, i) => s + curvature[i] * (v - target[i]) ** 2, 0));
    },
  });
  const last = x.reduce((s, v, i) => s + curvature[i] * (v - target[i]) ** 2, 0);
  return last + 0.01 * history.reduce((a, b) => a + b, 0);
}

export const start = [-3, 0.5, 0.02];
