// Noise levels of a Kalman filter with a constant-velocity model; matrices are nested arrays.
const multiply = (a, b) =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, v, k) => sum + v * b[k][j], 0)));
const transpose = (a) => a[0].map((_, j) => a.map((row) => row[j]));
const plus = (a, b) => a.map((row, i) => row.map((v, j) => v + b[i][j]));

const dt = 0.5;
const F = [
  [1, dt],
  [0, 1],
];
const H = [[1, 0]];
const measurements = Array.from(
  { length: 80 },
  (_, i) => 0.3 * i + Math.sin(0.7 * i) + 0.4 * Math.sin(13 * i),
);

class KalmanFilter {
  constructor(q, r) {
    this.Q = [
      [(q * dt ** 3) / 3, (q * dt ** 2) / 2],
      [(q * dt ** 2) / 2, q * dt],
    ];
    this.r = r;
    this.x = [[0], [0]];
    this.P = [
      [10, 0],
      [0, 10],
    ];
  }

  predict() {
    this.x = multiply(F, this.x);
    this.P = plus(multiply(multiply(F, this.P), transpose(F)), this.Q);
  }

  /** Returns the negative log likelihood of the measurement. */
  update(z) {
    const innovation = z - multiply(H, this.x)[0][0];
    const S = multiply(multiply(H, this.P), transpose(H))[0][0] + this.r;
    const K = multiply(this.P, transpose(H)).map(([v]) => v / S);
    this.x = this.x.map(([v], i) => [v + K[i] * innovation]);
    this.P = this.P.map((row, i) => row.map((v, j) => v - K[i] * this.P[0][j]));
    return 0.5 * (Math.log(2 * Math.PI * S) + (innovation * innovation) / S);
  }
}

export function loss([logQ, logR]) {
  const filter = new KalmanFilter(Math.exp(logQ), Math.exp(logR));
  let nll = 0;
  for (const z of measurements) {
    filter.predict();
    nll += filter.update(z);
  }
  return nll;
}

export const start = [-1, -0.5];
