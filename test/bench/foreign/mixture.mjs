// A Gaussian mixture of objects with log-sum-exp.
const components = 3;
const data = Array.from({ length: 150 }, (_, i) => [
  (i % 3) * 2 + 0.5 * Math.sin(7 * i),
  (i % 2) * 1.5 + 0.4 * Math.cos(5 * i),
]);

const logSumExp = (values) => {
  const max = Math.max(...values);
  return max + Math.log(values.reduce((sum, v) => sum + Math.exp(v - max), 0));
};

function makeComponent(params, k) {
  const [weight, mx, my, sx, sy] = params.slice(5 * k, 5 * k + 5);
  return {
    weight,
    mean: { x: mx, y: my },
    deviation: { x: Math.exp(sx), y: Math.exp(sy) },
    logDensity([x, y]) {
      const dx = (x - this.mean.x) / this.deviation.x;
      const dy = (y - this.mean.y) / this.deviation.y;
      return -0.5 * (dx * dx + dy * dy) - Math.log(2 * Math.PI * this.deviation.x * this.deviation.y);
    },
  };
}

export function loss(params) {
  const mixture = Array.from({ length: components }, (_, k) => makeComponent(params, k));
  const normalizer = logSumExp(mixture.map(({ weight }) => weight));
  let nll = 0;
  for (const point of data)
    nll -= logSumExp(mixture.map((each) => each.weight - normalizer + each.logDensity(point)));
  return nll / data.length;
}

export const start = Array.from({ length: 5 * components }, (_, k) => 0.7 * Math.sin(1.9 * k + 0.5));
