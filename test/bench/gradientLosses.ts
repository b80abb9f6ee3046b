/**
 * A loss as a user would write it, and its hand-written gradient. The data are sines, so that torch can use
 * the same.
 */
export interface BenchLoss {
  readonly name: string;
  readonly dim: number;
  /** The text of a module that exports `loss` and `byHand(params, grad)`, which also returns the value. */
  readonly text: string;
  /** The goal: the maximum time of the generated gradient relative to the time of the value. */
  readonly atMost: number;
}

const rosenbrock = `
export function loss(x) {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
  return sum;
}
function byHand(x, grad) {
  let sum = 0;
  grad.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const valley = x[i + 1] - x[i] * x[i];
    const rest = 1 - x[i];
    sum += 100 * valley * valley + rest * rest;
    grad[i] -= 400 * x[i] * valley + 2 * rest;
    grad[i + 1] += 200 * valley;
  }
  return sum;
}`;

const logistic = `
const features = 10;
const samples = Array.from({ length: 2000 }, (_, i) => ({
  x: Array.from({ length: features }, (_, j) => Math.sin(1.3 * i + 0.7 * j * j + 1)),
  y: Math.sin(2.1 * i) > 0 ? 1 : 0,
}));
function score(w, x) {
  let z = w[features];
  for (let i = 0; i < features; i++) z += w[i] * x[i];
  return z;
}
export function loss(w) {
  let sum = 0;
  for (const { x, y } of samples) {
    const z = score(w, x);
    sum += Math.max(z, 0) - y * z + Math.log(1 + Math.exp(-Math.abs(z)));
  }
  return sum / samples.length;
}
function byHand(w, grad) {
  let sum = 0;
  grad.fill(0);
  for (const { x, y } of samples) {
    const z = score(w, x);
    const e = Math.exp(-Math.abs(z));
    sum += Math.max(z, 0) - y * z + Math.log(1 + e);
    const error = ((z > 0 ? 1 : e) / (1 + e) - y) / samples.length;
    for (let j = 0; j < features; j++) grad[j] += error * x[j];
    grad[features] += error;
  }
  return sum / samples.length;
}`;

const network = `
const hidden = 16;
const points = Array.from({ length: 200 }, (_, i) => ({ x: Math.sin(1.7 * i), y: Math.sin(0.9 * i + 1), label: i % 2 }));
export function loss(p) {
  let sum = 0;
  for (const { x, y, label } of points) {
    let z = p[4 * hidden];
    for (let j = 0; j < 4 * hidden; j += 4) z += p[j + 3] * Math.tanh(p[j] * x + p[j + 1] * y + p[j + 2]);
    sum += Math.max(z, 0) - label * z + Math.log(1 + Math.exp(-Math.abs(z)));
  }
  return sum / points.length;
}
const units = new Float64Array(hidden);
function byHand(p, grad) {
  let sum = 0;
  grad.fill(0);
  for (const { x, y, label } of points) {
    let z = p[4 * hidden];
    for (let j = 0; j < hidden; j++) {
      const h = Math.tanh(p[4 * j] * x + p[4 * j + 1] * y + p[4 * j + 2]);
      units[j] = h;
      z += p[4 * j + 3] * h;
    }
    const e = Math.exp(-Math.abs(z));
    sum += Math.max(z, 0) - label * z + Math.log(1 + e);
    const error = ((z > 0 ? 1 : e) / (1 + e) - label) / points.length;
    for (let j = 0; j < hidden; j++) {
      const h = units[j];
      const back = error * p[4 * j + 3] * (1 - h * h);
      grad[4 * j] += back * x;
      grad[4 * j + 1] += back * y;
      grad[4 * j + 2] += back;
      grad[4 * j + 3] += error * h;
    }
    grad[4 * hidden] += error;
  }
  return sum / points.length;
}`;

const lennardJones = `
export function loss(p) {
  let energy = 0;
  for (let i = 0; i < p.length; i += 3) {
    for (let j = 0; j < i; j += 3) {
      const dx = p[i] - p[j];
      const dy = p[i + 1] - p[j + 1];
      const dz = p[i + 2] - p[j + 2];
      const s2 = 1 / (dx * dx + dy * dy + dz * dz);
      const s6 = s2 * s2 * s2;
      energy += 4 * (s6 * s6 - s6);
    }
  }
  return energy;
}
function byHand(p, grad) {
  let energy = 0;
  grad.fill(0);
  for (let i = 0; i < p.length; i += 3) {
    for (let j = 0; j < i; j += 3) {
      const dx = p[i] - p[j];
      const dy = p[i + 1] - p[j + 1];
      const dz = p[i + 2] - p[j + 2];
      const s2 = 1 / (dx * dx + dy * dy + dz * dz);
      const s6 = s2 * s2 * s2;
      energy += 4 * (s6 * s6 - s6);
      const force = 24 * s2 * (s6 - 2 * s6 * s6);
      grad[i] += force * dx;
      grad[i + 1] += force * dy;
      grad[i + 2] += force * dz;
      grad[j] -= force * dx;
      grad[j + 1] -= force * dy;
      grad[j + 2] -= force * dz;
    }
  }
  return energy;
}`;

export const benchLosses: readonly BenchLoss[] = [
  { name: 'Rosenbrock 2', dim: 2, text: rosenbrock, atMost: 3.5 },
  { name: 'Rosenbrock 10', dim: 10, text: rosenbrock, atMost: 3.5 },
  { name: 'Rosenbrock 100', dim: 100, text: rosenbrock, atMost: 3.5 },
  { name: 'logistic 2000 x 10', dim: 11, text: logistic, atMost: 3.5 },
  { name: 'MLP 2-16-1 x 200', dim: 65, text: network, atMost: 3.5 },
  { name: 'Lennard-Jones 13', dim: 39, text: lennardJones, atMost: 5.5 },
];

/** The point at which the gradients are computed. Its coordinates are distinct and not special values. */
export function benchPoint(dim: number): number[] {
  return Array.from(
    { length: dim },
    (_, k) => 0.8 * (k % 3) + 0.9 * Math.sin(3.7 * k + 0.4) + 0.35 * Math.floor(k / 3),
  );
}
