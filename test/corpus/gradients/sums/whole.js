// Loops and reductions that do nothing but add to a sum.
const data = [1, 2, -1];
const table = [
  [1, 0, 2],
  [0, 3, -1],
  [2, 1, 1],
];

export function innerProductLoss(p) {
  let s = 0;
  for (let i = 0; i < p.length; i++) s += p[i] * data[i];
  return s * s;
}

export function quadraticFormLoss(p) {
  let s = 0;
  for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) s += p[i] * table[i][j] * p[j];
  return s;
}

export function residualsLoss(p) {
  let total = 0;
  for (let i = 0; i < table.length; i++) {
    const row = table[i];
    let r = -data[i];
    for (let j = 0, n = row.length; j < n; ++j) r += row[j] * p[j];
    total += r * r;
  }
  return total;
}

export function distancesLoss(p) {
  let s = 0;
  for (let i = 0; i < 3; i++) {
    const d = p[i] - data[i];
    const e = d * d;
    s += e * d;
  }
  return s;
}

export function backwardsLoss(p) {
  let s = p[0] * p[1];
  for (let i = 2; i > 0; i--) s -= p[i] * p[i - 1];
  return s;
}

export function everySecondLoss(p) {
  let s = 1;
  for (let i = 0; i <= 2; i += 2) s += Math.exp(p[i]) * data[i];
  return s;
}

export function emptyLoss(p) {
  let s = p[0] * p[1];
  for (let i = 3; i < 3; i++) s += p[i];
  return s * p[2];
}

class Matrix {
  constructor(rows, columns, elements) {
    this.rows = rows;
    this.columns = columns;
    this.elements = elements;
  }

  get(i, j) {
    return this.elements[i * this.columns + j];
  }

  times(v) {
    const result = [];
    for (let i = 0; i < this.rows; i++) {
      let s = 0;
      for (let j = 0; j < this.columns; j++) s += this.get(i, j) * v[j];
      result.push(s);
    }
    return result;
  }
}

export function methodLoss(p) {
  const [a, b] = new Matrix(2, 2, [p[0], p[1], p[2], 1]).times([2, p[0]]);
  return a * b;
}

class Lazy {
  constructor(p) {
    this.p = p;
  }

  get scale() {
    return this.p[0] * this.p[1];
  }

  sum() {
    let s = 0;
    for (let i = 0; i < this.p.length; i++) s += this.p[i] * this.scale;
    return s;
  }
}

export function getterLoss(p) {
  return new Lazy(p).sum();
}

export function calledLoss(p) {
  function square(i) {
    return p[i] * p[i];
  }
  let s = p[2];
  for (let i = 0; i < 3; i++) s += square(i) * data[i];
  return s;
}

export function triangleLoss(p) {
  const x = [];
  for (let i = 0; i < 3; i++) {
    let s = p[i];
    for (let j = 0; j < i; j++) s -= table[i][j] * x[j];
    x.push(s / (i + 1));
  }
  return x[0] + 2 * x[1] + 3 * x[2];
}

export function stridesLoss(p) {
  const flat = [1, 0, 2, 0, 3, -1, 2, 1, 1];
  const column = (n, j) => {
    let s = 0;
    for (let i = 0; i < n; i++) s += p[i] * flat[i * n + j];
    return s;
  };
  return column(3, 0) * column(3, 2);
}

export function gatheredLoss(p) {
  const order = [2, 2, 0];
  let s = 0;
  for (let i = 0; i < order.length; i++) s += p[order[i]] * p[i];
  return s;
}

export function typedLoss(p) {
  const w = Float64Array.from(p);
  let s = 0;
  for (let i = 0; i < w.length; i++) s += w[i] * w[i] * data[i];
  return s;
}

export function textLoss(p) {
  const words = ['1', '2', '3'];
  let s = 0;
  for (let i = 0; i < 3; i++) s += p[i] * words[i];
  return s * p[0];
}

export function reducedLoss(p) {
  return p.reduce((s, x, i) => s + x * x * data[i], p[0]);
}

export function reducedBackLoss(p) {
  return p.reduceRight((s, x, i) => s - x * table[0][i], 2) * p[1];
}

export function holesLoss(p) {
  // biome-ignore lint/suspicious/noSparseArray: an element that does not exist
  return [p[0], , p[2]].reduce((s, x, i) => s + x * (i + 1), 0);
}

let weights = [];
export function changingLoss(p) {
  weights = p;
  const layers = [2, 3].map((factor) => {
    const z = data.reduce((s, x, i) => s + x * weights[i], 1);
    weights = weights.map((w) => w * factor);
    return z;
  });
  return layers[0] * layers[1];
}

export function stoppedLoss(p) {
  const first = (rows) => {
    let s = 0;
    for (let i = 0; i < 5; i++) s += p[0] * rows[i][0];
    return s;
  };
  let total = p[0] * p[1];
  try {
    total += first(table);
  } catch {
    total *= p[2];
  }
  return total;
}

export function largestLoss(p) {
  let s = 0;
  for (let i = 0; i < 3; i++) s += Math.max(p[i], 0) * Math.sqrt(Math.max(p[i], 0));
  return s;
}
