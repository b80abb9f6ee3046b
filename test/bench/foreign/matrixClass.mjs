// Gaussian process likelihood with a matrix class of nested arrays and a Cholesky factorization.
class Matrix {
  constructor(rows, cols, fill = 0) {
    this.rows = rows;
    this.cols = cols;
    this.data = Array.from({ length: rows }, () => new Array(cols).fill(fill));
  }
  static from(rows, cols, f) {
    const result = new Matrix(rows, cols);
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) result.data[i][j] = f(i, j);
    return result;
  }
  get(i, j) {
    return this.data[i][j];
  }
  set(i, j, value) {
    this.data[i][j] = value;
    return this;
  }
  transpose() {
    return Matrix.from(this.cols, this.rows, (i, j) => this.data[j][i]);
  }
  multiply(other) {
    const result = new Matrix(this.rows, other.cols);
    for (let i = 0; i < this.rows; i++) {
      for (let j = 0; j < other.cols; j++) {
        let sum = 0;
        for (let k = 0; k < this.cols; k++) sum += this.data[i][k] * other.data[k][j];
        result.data[i][j] = sum;
      }
    }
    return result;
  }
  cholesky() {
    const L = new Matrix(this.rows, this.cols);
    for (let i = 0; i < this.rows; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = this.get(i, j);
        for (let k = 0; k < j; k++) sum -= L.get(i, k) * L.get(j, k);
        if (i === j) {
          if (sum <= 0) throw new Error('not positive definite');
          L.set(i, i, Math.sqrt(sum));
        } else L.set(i, j, sum / L.get(j, j));
      }
    }
    return L;
  }
}

const xs = Array.from({ length: 24 }, (_, i) => 0.4 * i + 0.1 * Math.sin(3 * i));
const ys = xs.map((x) => Math.sin(x) + 0.1 * Math.cos(7 * x));

export function loss([logLength, logScale, logNoise]) {
  const length = Math.exp(logLength);
  const scale = Math.exp(2 * logScale);
  const noise = Math.exp(2 * logNoise);
  const K = Matrix.from(xs.length, xs.length, (i, j) => {
    const d = (xs[i] - xs[j]) / length;
    return scale * Math.exp(-0.5 * d * d) + (i === j ? noise : 0);
  });
  const L = K.cholesky();
  const z = new Matrix(xs.length, 1);
  let logDet = 0;
  for (let i = 0; i < xs.length; i++) {
    let sum = ys[i];
    for (let k = 0; k < i; k++) sum -= L.get(i, k) * z.get(k, 0);
    z.set(i, 0, sum / L.get(i, i));
    logDet += Math.log(L.get(i, i));
  }
  const fit = z.transpose().multiply(z).get(0, 0);
  return 0.5 * fit + logDet + 0.5 * xs.length * Math.log(2 * Math.PI);
}

export const start = [0.1, 0.2, -1.2];
