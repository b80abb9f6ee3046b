class Circle {
  #r;
  constructor(r) {
    this.#r = r;
  }
  get curvature() {
    return 1 / this.#r;
  }
  static mean(circles) {
    return circles.reduce((s, c) => s + c.curvature, 0) / circles.length;
  }
}

export const getterLoss = ([a, b]) => Circle.mean([new Circle(a), new Circle(b)]) ** 2;

export const meanOfNothingLoss = (p) => {
  const large = p.filter((v) => v > 10);
  return p[0] + large.reduce((a, b) => a + b, 0) / large.length;
};

export const largestOfNothingLoss = (p) => {
  const large = p.filter((v) => v > 10);
  return p[0] ** 2 + Math.max(...large);
};

/** The initial value is undefined if the list is empty. */
export const badStartLoss = (p) => {
  const large = p.filter((v) => v > 10);
  return large.concat(p).reduce((s, v) => s + v * v, large[0]);
};

const normalise = (scale) => (v) => v / scale();

export const closureLoss = (p) => {
  const total = () => p.reduce((a, b) => a + b);
  return p.map(normalise(total)).reduce((s, v) => s + v * v, 0);
};

export const generatorLoss = ([x]) => {
  function* logs() {
    for (let k = 2; k >= 0; k--) yield Math.log2(k * x);
  }
  let s = 0;
  for (const v of logs()) s += v;
  return s;
};

export const laterLoss = async ([x, y]) => {
  const parts = await Promise.all([x, y].map(async (v) => Math.sqrt(v - 1)));
  return parts[0] + parts[1];
};

const buffer = new Float32Array(2);

export const narrowLoss = ([x]) => {
  buffer[0] = x * 1e30;
  buffer[1] = buffer[0] * 1;
  return buffer[1] * 1e-30;
};
