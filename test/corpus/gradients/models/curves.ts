interface Complex {
  re: number;
  im: number;
}
const times = (a: Complex, b: Complex): Complex => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re });
const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
const abs2 = ({ re, im }: Complex): number => re * re + im * im;

/** The number of iterations in which a point escapes from z² + c, as a smooth function. */
export function escapeLoss([re, im]: number[]): number {
  const c = { re, im };
  let z = { re: 0, im: 0 };
  let n = 0;
  while (abs2(z) < 1e4 && n < 60) {
    z = plus(times(z, z), c);
    n++;
  }
  return n - Math.log2(Math.log(abs2(z)) / 2);
}

/** The Fourier transform, by repeated halving. In the target, one bin has all the power. */
export function fourierLoss(p: number[]): number {
  const transform = (v: Complex[]): Complex[] => {
    if (v.length === 1) return v;
    const [even, odd] = [0, 1].map((rest) => transform(v.filter((_, i) => i % 2 === rest)));
    const half = v.length / 2;
    const out = new Array<Complex>(v.length);
    for (let k = 0; k < half; k++) {
      const turn = (-2 * Math.PI * k) / v.length;
      const t = times({ re: Math.cos(turn), im: Math.sin(turn) }, odd[k]);
      out[k] = plus(even[k], t);
      out[k + half] = plus(even[k], { re: -t.re, im: -t.im });
    }
    return out;
  };
  const spectrum = transform(p.map((re) => ({ re, im: 0 })));
  return spectrum.reduce((s, z, k) => s + (Math.sqrt(abs2(z) + 1e-6) - (k === 1 ? 4 : 0)) ** 2, 0);
}

type Point = [number, number];
/** de Casteljau's algorithm for a curve with free inner points, which should be near the samples. */
export function bezierLoss(p: number[]): number {
  const control: Point[] = [[0, 0], [p[0], p[1]], [p[2], p[3]], [1, 0]];
  const at = (points: Point[], t: number): Point =>
    points.length === 1
      ? points[0]
      : at(
          points.slice(1).map(([x, y], i): Point => [x * t + points[i][0] * (1 - t), y * t + points[i][1] * (1 - t)]),
          t,
        );
  const samples: Point[] = [[0.2, 0.4], [0.5, 0.6], [0.9, 0.3]];
  const curve = Array.from({ length: 9 }, (_, i) => at(control, (i + 0.5) / 9));
  return samples.reduce((s, [x, y]) => s + Math.min(...curve.map(([u, v]) => (u - x) ** 2 + (v - y) ** 2)), 0);
}

/** A natural cubic spline through free knots, with its bending and its distance from data. */
export function splineLoss(y: number[]): number {
  const n = y.length;
  const m = new Array<number>(n).fill(0);
  const c = new Array<number>(n).fill(0);
  for (let i = 1; i < n - 1; i++) {
    const rhs = 6 * (y[i - 1] - 2 * y[i] + y[i + 1]);
    const w = 4 - c[i - 1];
    c[i] = 1 / w;
    m[i] = (rhs - m[i - 1]) / w;
  }
  for (let i = n - 2; i > 0; --i) m[i] -= c[i] * m[i + 1];
  const value = (x: number) => {
    const i = Math.min(Math.floor(x), n - 2);
    const [a, b] = [i + 1 - x, x - i];
    return (m[i] * a ** 3 + m[i + 1] * b ** 3) / 6 + (y[i] - m[i] / 6) * a + (y[i + 1] - m[i + 1] / 6) * b;
  };
  const bending = m.reduce((s, v) => s + v * v, 0);
  return [0.3, 1.7, 2.2, 3.9].reduce((s, x) => s + (value(x) - Math.cos(x)) ** 2, 0.01 * bending);
}

/** Newton's iteration inside the loss: Kepler's equation, solved to the last digit. */
export function keplerLoss([eccentricity, meanAnomaly]: number[]): number {
  let E = meanAnomaly;
  for (let i = 0; i < 30; i++) {
    const step = (E - eccentricity * Math.sin(E) - meanAnomaly) / (1 - eccentricity * Math.cos(E));
    E -= step;
    if (Math.abs(step) < 1e-13) break;
  }
  const x = Math.cos(E) - eccentricity;
  const y = Math.sqrt(1 - eccentricity ** 2) * Math.sin(E);
  return (x - 0.3) ** 2 + (y - 0.8) ** 2;
}

/** Bisection inside the loss, followed by one step of Newton, which provides the derivative. */
export function equilibriumLoss([a, b]: number[]): number {
  const f = (z: number) => a * z ** 3 + z - b;
  let [low, high] = [-10, 10];
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (f(middle) > 0) high = middle;
    else low = middle;
  }
  let z = (low + high) / 2;
  z -= f(z) / (3 * a * z ** 2 + 1);
  return (z - 1) ** 2 + 0.1 * a ** 2;
}
