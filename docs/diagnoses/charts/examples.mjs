import { core } from './core.mjs';
import { fitLoss, fitStart, noisyFit, validationLoss } from './losses.mjs';
import { colours } from './svg.mjs';

/**
 * The example of each page: its runs, of which the first has the finding, and the curves to draw (by default the
 * losses). All are small and deterministic.
 */
const bowl = ([x, y]) => 0.5 * (100 * x ** 2 + y ** 2);
const rosenbrock = ([x, y]) => 100 * (y - x ** 2) ** 2 + (1 - x) ** 2;
const rosenbrockGradient = ([x, y]) => [-400 * x * (y - x ** 2) - 2 * (1 - x), 200 * (y - x ** 2)];
const kink = ([x, y]) => Math.abs(x - 0.33) + Math.abs(y);
/** Replaces Math.random, so that the chart is the same every time. */
const noise = core.seededRandom(1);

const loss = ({ loss }) => loss;
const param =
  (i) =>
  ({ params }) =>
    params[i];
const rootVHat =
  (i, beta2 = 0.999) =>
  ({ t, state }) =>
    Math.sqrt(state[1][i] / (1 - beta2 ** t));

const adam = (lr, more = {}) => ({ name: 'adam', lr, ...more });
const sgd = (lr, more = {}) => ({ name: 'sgd', lr, ...more });

/** Two atoms at distance r, in units of their bond: Lennard-Jones. */
const atoms = {
  loss: ([r]) => r ** -12 - 2 * r ** -6,
  gradient: ([r]) => [-12 * r ** -13 + 12 * r ** -7],
  start: [10],
};
const robust = {
  loss: ([x, y]) => Math.log(Math.cosh(10 * x)) / 10 + 0.05 * y ** 2,
  gradient: ([x, y]) => [Math.tanh(10 * x), 0.1 * y],
  start: [1, 3],
};
const units = {
  loss: ([volts, amperes]) => volts ** 2 + 1e-9 * amperes ** 2,
  gradient: ([volts, amperes]) => [2 * volts, 2e-9 * amperes],
  start: [1, 0.8],
};
/** A mass in kilograms, with its minimum at 3e12. */
const heavy = {
  loss: ([mass]) => (mass / 1e12 - 3) ** 2,
  gradient: ([mass]) => [2e-12 * (mass / 1e12 - 3)],
  start: [1e12],
};
/** The same mass in units of 1e12 kilograms. */
const inUnits = {
  loss: ([mass]) => (mass - 3) ** 2,
  gradient: ([mass]) => [2 * (mass - 3)],
  start: [1],
};
/** An output of a logistic function, and its target 0.2. */
const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const output = {
  loss: ([w, b]) => (sigmoid(w + b) - 0.2) ** 2,
  gradient([w, b]) {
    const y = sigmoid(w + b);
    const slope = 2 * (y - 0.2) * y * sigmoid(-w - b);
    return [slope, slope];
  },
  /** What the operations of the loss show at a point. */
  async saturationAt([w, b]) {
    const value = sigmoid(w + b);
    const place = { location: null, expression: '1 / (1 + Math.exp(-z))' };
    const saturated = value > 0.99 ? 1 : 0;
    return {
      pulledShare: 0,
      expressions: [
        { place, count: 1, saturated, value, bound: 1, depth: w + b, pulled: 0, coordinates: [0, 1] },
      ],
    };
  },
};
const tilted = (angle) => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return {
    loss: ([x, y]) => 0.5 * (1e4 * (c * x + s * y) ** 2 + (c * y - s * x) ** 2),
    gradient: ([x, y]) => {
      const [u, v] = [1e4 * (c * x + s * y), c * y - s * x];
      return [c * u - s * v, s * u + c * v];
    },
    start: [2 * c - 3 * s, 2 * s + 3 * c],
  };
};
/** Reddi, Kale and Kumar, arXiv:1904.09237: on average the slope leads down to the left. */
const cyclic = {
  loss: ([x], { step }) => (step % 3 === 1 ? 4 : -1) * x,
  gradient: (_, { step }) => [step % 3 === 1 ? 4 : -1],
  start: [0],
};
const seldom = {
  loss: ([often, rare], { step }) => (step % 16 === 8 ? (rare - 1) ** 2 : (often - 1) ** 2),
  gradient: ([often, rare], { step }) => (step % 16 === 8 ? [0, 2 * (rare - 1)] : [2 * (often - 1), 0]),
  start: [0, 0],
};
/** The mean gradients of both weights are 0; single gradients of the first are 100 times larger. */
const pushed = {
  loss: ([loud, quiet], { random }) => 10 * (random() - 0.5) * loud + 0.1 * (random() - 0.5) * quiet,
  gradient: (_, { random }) => [10 * (random() - 0.5), 0.1 * (random() - 0.5)],
  start: [1, 1],
};
const faint = {
  loss: ([x, y]) => 1e-7 * ((x - 1) ** 2 + 10 * (y + 0.5) ** 2),
  gradient: ([x, y]) => [2e-7 * (x - 1), 2e-6 * (y + 0.5)],
  start: [0, 0],
};

/** The demand at two prices, which are rounded to a millionth. */
const prices = ([first, second]) => {
  const [p, q] = [first, second].map((price) => Math.round(price * 1e6) / 1e6);
  return (p - 5) ** 2 + 0.5 * (q - 7) ** 2 + 0.3 * (p - 5) * (q - 7) + 0.01;
};

/** Logistic regression: labels, each at one of these x. */
const places = [-2, -1.2, -0.6, -0.1, 0.4, 0.9, 1.5, 2];
const softplus = (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
const classified = (labels) => {
  const meanOf = (each) => labels.reduce((sum, label, i) => sum + each(label, places[i]), 0) / labels.length;
  const push = ([w, b], label, x) => 1 / (1 + Math.exp(-(w * x + b))) - label;
  return {
    loss: ([w, b]) => meanOf((label, x) => softplus(w * x + b) - label * (w * x + b)),
    gradient: (params) => [
      meanOf((label, x) => push(params, label, x) * x),
      meanOf((label, x) => push(params, label, x)),
    ],
    start: [0, 0],
  };
};
const far = {
  loss: ([x, y]) => (x - 30) ** 2 + (y + 20) ** 2,
  gradient: ([x, y]) => [2 * (x - 30), 2 * (y + 20)],
  start: [0, 0],
};
const near = {
  loss: ([x, y]) => (x - 3) ** 2 + 0.5 * (y + 2) ** 2,
  gradient: ([x, y]) => [2 * (x - 3), y + 2],
  start: [0, 0],
};
const rate = ({ lr }) => lr;
const stepwise = (stepSize) => ({
  optimizer: adam(0.1),
  schedule: { name: 'step', stepSize, gamma: 0.1 },
  samples: 400,
  batch: 40,
  epochs: 40,
});

const inputs = [0, 0.2, 0.4, 0.6, 0.8, 1];
/** Fits y = x² with one unit max(slope·z, z), z = w x + b, and an offset. */
const unit = (slope) => {
  const output = (z) => Math.max(slope * z, z);
  const meanOf = (each) => inputs.reduce((sum, x) => sum + each(x), 0) / inputs.length;
  const error = ([w, b, offset], x) => output(w * x + b) + offset - x ** 2;
  return {
    loss: (params) => meanOf((x) => error(params, x) ** 2),
    gradient: (params) => {
      const [w, b] = params;
      const push = (x) => 2 * error(params, x) * (w * x + b > 0 ? 1 : slope);
      return [meanOf((x) => push(x) * x), meanOf(push), meanOf((x) => 2 * error(params, x))];
    },
    start: [-1, 1.2, 1],
  };
};

export const examples = {
  divergence: {
    log: true,
    title: 'Gradient descent on a bowl, lr 0.03 where 0.02 is the limit',
    runs: [{ loss: bowl, start: [1, 1], patch: { optimizer: sgd(0.03), steps: 20 } }],
  },

  'instability-at-start': {
    log: true,
    title: 'Adam on Rosenbrock, lr 10',
    runs: [{ loss: rosenbrock, start: [-1.2, 1], patch: { optimizer: adam(10), steps: 500 } }],
  },

  'loss-spike': {
    log: true,
    title: 'Gradient descent in the Rosenbrock valley, which becomes narrower',
    runs: [
      {
        name: 'lr 0.0023',
        loss: rosenbrock,
        gradient: rosenbrockGradient,
        start: [0, 0],
        patch: { optimizer: sgd(0.0023), steps: 2100 },
      },
      {
        name: 'lr 0.0015',
        loss: rosenbrock,
        gradient: rosenbrockGradient,
        start: [0, 0],
        patch: { optimizer: sgd(0.0015), steps: 2100 },
      },
    ],
  },

  oscillation: {
    title: 'Gradient descent on log cosh(10x)/10 + y²/20, lr 0.5',
    steps: [1, 80],
    runs: [{ ...robust, patch: { optimizer: sgd(0.5), steps: 200 } }],
    panels: [
      { name: 'x', curves: [{ value: param(0) }] },
      { name: 'y', curves: [{ value: param(1) }] },
    ],
  },

  'edge-of-stability': {
    title: 'Adam on Rosenbrock, lr 0.1: converged, then unstable',
    steps: [2000, 3000],
    runs: [
      {
        loss: rosenbrock,
        gradient: rosenbrockGradient,
        start: [-1.2, 1],
        patch: { optimizer: adam(0.1), steps: 3000 },
      },
    ],
    panels: [
      { name: 'loss', log: true, curves: [{ value: loss }] },
      {
        name: 'a·λmax(P⁻¹H)',
        limit: { value: 38, name: 'the limit, 38', isLeft: true },
        curves: [{ value: ({ t }, measurements) => measurements.at(t, 'stability') }],
      },
    ],
  },

  'stale-second-moment': {
    title: 'Two atoms that attract each other (Lennard-Jones), Adam at lr 0.1',
    steps: [40, 140],
    runs: [
      { name: 'beta2 0.999', ...atoms, patch: { optimizer: adam(0.1), steps: 300 } },
      { name: 'beta2 0.95', ...atoms, patch: { optimizer: adam(0.1, { beta2: 0.95 }), steps: 300 } },
    ],
    panels: [
      {
        name: 'loss',
        curves: [
          { name: 'beta2 0.999', value: loss },
          { name: 'beta2 0.95', of: 1, value: loss, dash: true },
        ],
      },
      {
        name: '|g|/√vHat',
        limit: { value: 2.3, name: '2.3' },
        curves: [
          { value: (step) => Math.abs(step.grad[0]) / rootVHat(0)(step) },
          { of: 1, value: (step) => Math.abs(step.grad[0]) / rootVHat(0, 0.95)(step), dash: true },
        ],
      },
    ],
  },

  'eps-dominates': {
    title: 'volts² + 1e-9 amperes², Adam at lr 0.01 and the default eps of 1e-8',
    runs: [
      { ...units, patch: { optimizer: adam(0.01), steps: 400 } },
      { ...units, patch: { optimizer: adam(0.01, { eps: 1e-14 }), steps: 400 } },
    ],
    panels: [
      {
        curves: [
          { name: 'volts', value: param(0) },
          { name: 'amperes', value: param(1) },
          { name: 'amperes, eps 1e-14', of: 1, value: param(1), dash: true, colour: colours[1] },
        ],
      },
      {
        name: '√vHat',
        log: true,
        limit: { value: 1e-8, name: 'eps' },
        curves: [{ value: rootVHat(0) }, { value: rootVHat(1) }],
      },
    ],
  },

  'unrectified-steps': {
    log: true,
    title: 'RAdam on Rosenbrock, lr 0.003',
    steps: [1, 60],
    runs: [
      {
        name: 'radam',
        loss: rosenbrock,
        start: [-1.2, 1],
        patch: { optimizer: { name: 'radam', lr: 0.003 }, steps: 300 },
      },
      { name: 'adam', loss: rosenbrock, start: [-1.2, 1], patch: { optimizer: adam(0.003), steps: 300 } },
    ],
  },

  'non-finite-loss': {
    title: '100x − log x, Adam at lr 0.15: the next x is negative',
    runs: [
      {
        loss: ([x]) => 100 * x - Math.log(x),
        start: [1],
        patch: { optimizer: adam(0.15), steps: 9 },
      },
    ],
  },

  'non-finite-gradient': {
    title: '√(x²) reaches 0, where its derivative is 0/0',
    runs: [
      {
        loss: ([x]) => Math.sqrt(x * x),
        gradient: ([x]) => [x / Math.sqrt(x * x)],
        start: [1],
        patch: { optimizer: sgd(0.125), steps: 10 },
      },
    ],
  },

  'zero-gradient': {
    title: 'Fitting max(0, wx + b) + c to x² at six points, Adam at lr 0.1',
    runs: [
      { ...unit(0), patch: { optimizer: adam(0.1), steps: 300 } },
      { ...unit(0.1), patch: { optimizer: adam(0.1), steps: 300 } },
    ],
    panels: [
      {
        name: 'loss:',
        log: true,
        curves: [
          { name: 'max(0, z)', value: loss },
          { name: 'max(0.1z, z)', of: 1, value: loss, dash: true },
        ],
      },
      {
        name: '|∂f/∂w|',
        curves: [
          { value: ({ grad }) => Math.abs(grad[0]) },
          { of: 1, value: ({ grad }) => Math.abs(grad[0]), dash: true },
        ],
      },
    ],
  },

  'sparse-gradient': {
    title: 'A coordinate with a gradient at every 16th step, Adam at lr 0.01, beta2 0.9',
    runs: [{ ...seldom, patch: { optimizer: adam(0.01, { beta2: 0.9 }), steps: 200 } }],
    panels: [
      {
        curves: [
          { name: 'often', value: param(0) },
          { name: 'rare', value: param(1) },
        ],
      },
      {
        name: '√vHat of',
        log: true,
        curves: [
          { name: 'often', value: rootVHat(0, 0.9) },
          { name: 'rare', value: rootVHat(1, 0.9) },
        ],
      },
    ],
  },

  'ill-conditioned': {
    log: true,
    title: 'Adam at lr 0.02 on a bowl with curvatures 10,000 and 1',
    runs: [
      { name: 'rotated by 30°', ...tilted(Math.PI / 6), patch: { optimizer: adam(0.02), steps: 300 } },
      { name: 'along the axes', ...tilted(0), patch: { optimizer: adam(0.02), steps: 300 } },
    ],
  },

  'noise-limited': {
    title: 'Linear regression on 400 samples in batches of 4, gradient descent at lr 0.01',
    runs: [
      { ...noisyFit, patch: { optimizer: sgd(0.01), samples: 400, batch: 4, epochs: 10 } },
      {
        ...noisyFit,
        patch: { optimizer: sgd(0.01), schedule: { name: 'cosine' }, samples: 400, batch: 4, epochs: 10 },
      },
    ],
    panels: [
      { name: 'loss of each batch', log: true, curves: [{ value: loss, thin: true }] },
      {
        name: 'distance from the best weights',
        log: true,
        curves: [
          { name: 'lr 0.01', value: noisyFit.distance },
          { name: 'with cosine decay', of: 1, value: noisyFit.distance, dash: true },
        ],
      },
    ],
  },

  overfitting: {
    log: true,
    title: 'A polynomial of degree 11 through 12 noisy points, Adam at lr 0.01',
    runs: [
      {
        loss: fitLoss,
        start: fitStart,
        validation: validationLoss,
        patch: { optimizer: adam(0.01), steps: 600, validation: 'validation' },
      },
    ],
    panels: [
      {
        log: true,
        curves: [
          { name: 'training', value: loss },
          { name: 'validation', value: ({ params }) => validationLoss(params), dash: true },
        ],
      },
    ],
  },

  'cyclic-gradient': {
    title: 'A slope of 4, −1, −1, repeated: on average it leads down to the left',
    runs: [
      { ...cyclic, patch: { optimizer: adam(0.01, { beta1: 0, beta2: 0.1 }), steps: 300 } },
      { ...cyclic, patch: { optimizer: adam(0.01, { beta1: 0, beta2: 0.1, amsgrad: true }), steps: 300 } },
    ],
    panels: [
      {
        name: 'x:',
        curves: [
          { name: 'adam, beta1 0, beta2 0.1', value: param(0) },
          { name: 'with amsgrad', of: 1, value: param(0), dash: true },
        ],
      },
    ],
  },

  'coupled-weight-decay': {
    title: 'Two weights with random gradients, large and small, weightDecay 0.5',
    runs: [
      { ...pushed, patch: { optimizer: adam(0.002, { weightDecay: 0.5 }), steps: 1000 } },
      { ...pushed, patch: { optimizer: { name: 'adamw', lr: 0.002, weightDecay: 0.5 }, steps: 1000 } },
    ],
    panels: [
      {
        curves: [
          { name: 'adam, large', value: param(0) },
          { name: 'adam, small', value: param(1) },
          { name: 'adamw, large', of: 1, value: param(0), dash: true, colour: colours[0] },
          { name: 'adamw, small', of: 1, value: param(1), dash: true, colour: colours[1] },
        ],
      },
    ],
  },

  'precision-loss': {
    log: true,
    title: 'A loss below 1e-6, its gradient rounded to float16',
    runs: [
      {
        name: 'lossScale 1',
        ...faint,
        patch: { optimizer: adam(0.01, { eps: 1e-15 }), precision: 'float16', steps: 400 },
      },
      {
        name: 'lossScale dynamic',
        ...faint,
        patch: {
          optimizer: adam(0.01, { eps: 1e-15 }),
          precision: 'float16',
          lossScale: 'dynamic',
          steps: 400,
        },
      },
    ],
  },

  'gradient-mismatch': {
    log: true,
    title: 'Rosenbrock with a wrong sign in ∂f/∂x (dashed: with the correct sign)',
    runs: [
      {
        loss: rosenbrock,
        gradient: ([x, y]) => [-400 * x * (y - x ** 2) + 2 * (1 - x), 200 * (y - x ** 2)],
        start: [-1.2, 1],
        patch: { optimizer: adam(0.05), steps: 400 },
      },
      { loss: rosenbrock, start: [-1.2, 1], patch: { optimizer: adam(0.05), steps: 400 } },
    ],
  },

  'non-deterministic-loss': {
    title: 'A bowl plus a random term',
    runs: [
      {
        loss: ([x]) => x * x + 0.2 * noise(),
        gradient: ([x]) => [2 * x],
        start: [1],
        patch: { optimizer: adam(0.02), steps: 150 },
      },
    ],
  },

  'piecewise-constant': {
    log: true,
    title: 'A loss of rounded prices: finite differences, and (dashed) its exact gradient, which is 0',
    runs: [
      { loss: prices, exact: () => [0, 0], start: [3, 9], patch: { optimizer: adam(0.1), steps: 200 } },
      { loss: prices, gradient: () => [0, 0], start: [3, 9], patch: { optimizer: adam(0.1), steps: 200 } },
    ],
  },

  plateau: {
    log: true,
    title: 'Oscillation at a kink: constant lr, and (dashed) cosine decay',
    runs: [
      { loss: kink, start: [1, -2], patch: { optimizer: adam(0.1), steps: 1000 } },
      {
        loss: kink,
        start: [1, -2],
        patch: { optimizer: adam(0.1), schedule: { name: 'cosine' }, steps: 1000 },
      },
    ],
  },

  'step-bound': {
    title: 'A step without bias correction, compared with the bound of Adam at lr 0.01',
    audit: {
      reference: adam(0.01),
      start: [0],
      gradients: Array.from({ length: 40 }, () => [1]),
      step(params, grad, state) {
        state.m = 0.9 * (state.m ?? 0) + 0.1 * grad[0];
        state.v = 0.999 * (state.v ?? 0) + 0.001 * grad[0] ** 2;
        params[0] -= (0.01 * state.m) / (Math.sqrt(state.v) + 1e-8);
      },
    },
  },

  'unbounded-loss': {
    title: 'Logistic regression with labels 0 and 2, and (dashed) with labels 0 and 1',
    runs: [
      {
        name: 'labels 0 and 2',
        ...classified([0, 0, 2, 0, 2, 2, 0, 2]),
        patch: { optimizer: adam(0.05), steps: 400 },
      },
      {
        name: 'labels 0 and 1',
        ...classified([0, 0, 1, 0, 1, 1, 0, 1]),
        patch: { optimizer: adam(0.05), steps: 400 },
      },
    ],
  },

  'no-finite-minimum': {
    log: true,
    title: 'Logistic regression with separable labels, and (dashed) with one label changed',
    runs: [
      {
        name: 'separable',
        ...classified([0, 0, 0, 0, 1, 1, 1, 1]),
        patch: { optimizer: adam(0.05), steps: 1000 },
      },
      {
        name: 'one label changed',
        ...classified([0, 0, 1, 0, 1, 1, 1, 1]),
        patch: { optimizer: adam(0.05), steps: 1000 },
      },
    ],
  },

  'weight-decay-dominates': {
    title: 'Gradient descent at lr 0.05 with weightDecay 2, and (dashed) with 0.02',
    runs: [
      { name: 'weightDecay 2', ...near, patch: { optimizer: sgd(0.05, { weightDecay: 2 }), steps: 200 } },
      {
        name: 'weightDecay 0.02',
        ...near,
        patch: { optimizer: sgd(0.05, { weightDecay: 0.02 }), steps: 200 },
      },
    ],
  },

  'clipping-dominates': {
    title: 'Gradient descent at lr 0.1, clipped to norm 0.5, and (dashed) to norm 50',
    runs: [
      { name: 'norm 0.5', ...far, patch: { optimizer: sgd(0.1), clip: { norm: 0.5 }, steps: 300 } },
      { name: 'norm 50', ...far, patch: { optimizer: sgd(0.1), clip: { norm: 50 }, steps: 300 } },
    ],
  },

  'poor-scaling': {
    title: 'Adam at lr 0.05: a mass of 1e12, and (dashed) the same mass measured in units of 1e12',
    runs: [
      { name: 'mass', ...heavy, patch: { optimizer: adam(0.05), steps: 200 } },
      { name: 'mass / 1e12', ...inUnits, patch: { optimizer: adam(0.05), steps: 200 } },
    ],
  },

  saturation: {
    title: 'A logistic output with target 0.2: gradient descent from z = 14.5, and (dashed) from z = 1.45',
    runs: [
      { name: 'from 14.5', ...output, start: [12, 2.5], patch: { optimizer: sgd(0.5), steps: 100 } },
      { name: 'from 1.45', ...output, start: [1.2, 0.25], patch: { optimizer: sgd(0.5), steps: 100 } },
    ],
  },

  'schedule-mismatch': {
    title: 'Linear regression, 10 steps per epoch: lr to a tenth after 10 steps, and (dashed) after 100',
    runs: [
      { ...noisyFit, patch: stepwise(10) },
      { ...noisyFit, patch: stepwise(100) },
    ],
    panels: [
      {
        name: 'lr',
        log: true,
        curves: [
          { name: 'stepSize 10', value: rate },
          { name: 'stepSize 100', of: 1, value: rate, dash: true },
        ],
      },
      {
        name: 'distance from the best weights',
        log: true,
        curves: [
          { name: 'stepSize 10', value: noisyFit.distance },
          { name: 'stepSize 100', of: 1, value: noisyFit.distance, dash: true },
        ],
      },
    ],
  },

  'stopped-while-improving': {
    title: 'Gradient descent at lr 0.01: early stopping with minDelta 0.1, and (dashed) 0.0001',
    runs: [
      {
        name: 'minDelta 0.1',
        ...near,
        patch: { optimizer: sgd(0.01), steps: 400, earlyStopping: { patience: 5, minDelta: 0.1 } },
      },
      {
        name: 'minDelta 0.0001',
        ...near,
        patch: { optimizer: sgd(0.01), steps: 400, earlyStopping: { patience: 5, minDelta: 1e-4 } },
      },
    ],
  },
};
