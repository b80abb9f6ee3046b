// Robust polynomial regression as map and reduce pipelines.
const points = Array.from({ length: 120 }, (_, i) => ({
  x: -1 + i / 60,
  y: Math.sin(3 * (-1 + i / 60)) + 0.2 * Math.sin(40 * i),
}));
const sum = (values) => values.reduce((a, b) => a + b, 0);
const mean = (values) => sum(values) / values.length;
const polynomial = (coefficients) => (x) => coefficients.reduceRight((acc, c) => acc * x + c, 0);
const huber = (delta) => (r) => (Math.abs(r) <= delta ? 0.5 * r * r : delta * (Math.abs(r) - 0.5 * delta));

export const loss = (params) => {
  const predict = polynomial(params);
  const residuals = points.map(({ x, y }) => predict(x) - y);
  const penalty = params.map((p) => p ** 2).reduce((a, b) => a + b);
  return mean(residuals.map(huber(0.3))) + 1e-3 * penalty;
};

export const start = [0.1, 1, -0.3, 0.5, 0.2, -0.7];
