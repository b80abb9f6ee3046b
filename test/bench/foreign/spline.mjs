// A natural cubic spline through adjustable knots: second derivatives by the Thomas algorithm, then interpolation.
const knots = Array.from({ length: 12 }, (_, i) => i);
const samples = Array.from({ length: 100 }, (_, i) => ({
  x: 0.05 + (10.9 * i) / 100,
  y: Math.sin(0.8 * i * 0.11) * 2,
}));

class CubicSpline {
  constructor(xs, ys) {
    this.xs = xs;
    this.ys = ys;
    this.ks = CubicSpline.secondDerivatives(xs, ys);
  }

  static secondDerivatives(xs, ys) {
    const n = xs.length;
    const u = new Array(n).fill(0);
    const y2 = new Array(n).fill(0);
    for (let i = 1; i < n - 1; i++) {
      const sig = (xs[i] - xs[i - 1]) / (xs[i + 1] - xs[i - 1]);
      const p = sig * y2[i - 1] + 2;
      y2[i] = (sig - 1) / p;
      u[i] = (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]) - (ys[i] - ys[i - 1]) / (xs[i] - xs[i - 1]);
      u[i] = ((6 * u[i]) / (xs[i + 1] - xs[i - 1]) - sig * u[i - 1]) / p;
    }
    for (let k = n - 2; k >= 0; k--) y2[k] = y2[k] * y2[k + 1] + u[k];
    return y2;
  }

  indexBefore(x) {
    let low = 0;
    let high = this.xs.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.xs[middle] > x) high = middle;
      else low = middle;
    }
    return low;
  }

  at(x) {
    const i = this.indexBefore(x);
    const h = this.xs[i + 1] - this.xs[i];
    const a = (this.xs[i + 1] - x) / h;
    const b = (x - this.xs[i]) / h;
    return (
      a * this.ys[i] +
      b * this.ys[i + 1] +
      (((a * a * a - a) * this.ks[i] + (b * b * b - b) * this.ks[i + 1]) * (h * h)) / 6
    );
  }
}

export function loss(params) {
  const spline = new CubicSpline(knots, params);
  let error = 0;
  for (const { x, y } of samples) error += (spline.at(x) - y) ** 2;
  return error / samples.length;
}

export const start = knots.map((k) => Math.cos(1.1 * k));
