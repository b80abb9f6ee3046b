import { rosenbrock } from './simulation';

type Rule = (grad: number, state: number[], t: number) => number;

const [beta1, beta2, eps] = [0.9, 0.999, 1e-8];
const mean = (state: number[], at: number, beta: number, value: number) => {
  state[at] = beta * (state[at] ?? 0) + (1 - beta) * value;
  return state[at];
};

/** What each of ten optimizers moves a coordinate by, for the synthetic comparison. */
const rules: { readonly [name: string]: Rule } = {
  'sgd lr=0.001': (g) => 0.001 * g,
  'momentum lr=0.0005': (g, s) => {
    s[0] = 0.9 * (s[0] ?? 0) + g;
    return 0.0005 * s[0];
  },
  'adam lr=0.05': (g, s, t) =>
    (0.05 * mean(s, 0, beta1, g)) /
    (1 - beta1 ** t) /
    (Math.sqrt(mean(s, 1, beta2, g * g) / (1 - beta2 ** t)) + eps),
  'adamw lr=0.05 weightDecay=0.01': (g, s, t) =>
    (0.048 * mean(s, 0, beta1, g)) /
    (1 - beta1 ** t) /
    (Math.sqrt(mean(s, 1, beta2, g * g) / (1 - beta2 ** t)) + eps),
  'amsgrad lr=0.05': (g, s, t) => {
    s[2] = Math.max(s[2] ?? 0, mean(s, 1, beta2, g * g));
    return (0.05 * mean(s, 0, beta1, g)) / (1 - beta1 ** t) / (Math.sqrt(s[2] / (1 - beta2 ** t)) + eps);
  },
  'adamax lr=0.05': (g, s, t) => {
    s[1] = Math.max(beta2 * (s[1] ?? 0), Math.abs(g) + eps);
    return (0.05 * mean(s, 0, beta1, g)) / (1 - beta1 ** t) / s[1];
  },
  'rmsprop lr=0.01': (g, s) => (0.01 * g) / (Math.sqrt(mean(s, 0, 0.99, g * g)) + eps),
  'adagrad lr=0.5': (g, s) => {
    s[0] = (s[0] ?? 0) + g * g;
    return (0.5 * g) / (Math.sqrt(s[0]) + eps);
  },
  'adabelief lr=0.05': (g, s, t) => {
    const m = mean(s, 0, beta1, g);
    const v = mean(s, 1, beta2, (g - m) ** 2) + 1e-16;
    return (0.05 * m) / (1 - beta1 ** t) / (Math.sqrt(v / (1 - beta2 ** t)) + eps);
  },
  'signsgd lr=0.01': (g) => 0.01 * Math.sign(g),
};

/** The losses of ten optimizers on Rosenbrock's valley, as x, y pairs. */
export function comparedLosses(steps: number): { readonly name: string; readonly points: Float64Array }[] {
  return Object.entries(rules).map(([name, rule]) => {
    const params = Float64Array.of(-1.2, 1);
    const grad = new Float64Array(2);
    const states: number[][] = [[], []];
    const points = new Float64Array(steps * 2);
    for (let t = 1; t <= steps; t++) {
      points[2 * t - 2] = t;
      points[2 * t - 1] = rosenbrock.value(params);
      rosenbrock.gradient(params, grad);
      for (const i of [0, 1]) params[i] = params[i]! - rule(grad[i]!, states[i]!, t);
    }
    return { name, points };
  });
}

/** The smoothed losses of a learning-rate range test, and their spread over seeds. */
export function sweptLosses(count: number): { readonly points: Float64Array; readonly band: Float64Array } {
  const points = new Float64Array(count * 2);
  const band = new Float64Array(count * 2);
  for (let i = 0; i < count; i++) {
    const decade = -7 + (7.1 * i) / (count - 1);
    const fall = 1 / (1 + Math.exp(-2.6 * (decade + 3.2)));
    const rise = Math.exp(3.4 * (decade + 0.55));
    const loss = 2.3 - 1.9 * fall + rise + 0.02 * Math.sin(i * 0.9);
    const spread = 0.05 + 0.12 * fall + 0.25 * rise;
    points.set([10 ** decade, loss], 2 * i);
    band.set([Math.max(0.05, loss - spread), loss + 1.3 * spread], 2 * i);
  }
  return { points, band };
}
