const { exp, log, sqrt: root } = Math;

/** Functions of Math as values: passed, renamed, and called by apply. */
export function passedLoss(p) {
  const e = p.map(Math.exp);
  const l = p.map((v) => root(v)).map(log);
  const total = [e[0], l[1], exp(p[2])];
  return total.reduce((a, b) => a + b) + Math.hypot(...p) + Math.hypot.apply(null, p.slice(0, 2));
}

const squash = { tanh: Math.tanh, sin: Math.sin, atan: Math.atan };

export function chosenLoss(p) {
  return Object.keys(squash).reduce((s, name, i) => s + squash[name](p[i]), 0) + Math['cos'](p[0]);
}

/** All smooth functions of Math, where they are smooth. */
export function everyLoss([x, y]) {
  return (
    Math.acos(x / 4) + 2 * Math.acosh(y + 3) + 3 * Math.asin(x / 4) + 4 * Math.asinh(x) + 5 * Math.atan(y) +
    6 * Math.atan2(x, y) + 7 * Math.atanh(x / 4) + 8 * Math.cbrt(y) + 9 * Math.cos(x) + 10 * Math.cosh(x) +
    11 * Math.exp(y) + 12 * Math.expm1(x) + 13 * Math.hypot(x, y, 2) + 14 * Math.log(y) + 15 * Math.log10(y) +
    16 * Math.log1p(y) + 17 * Math.log2(y) + 18 * Math.pow(y, x) + 19 * Math.sin(y) + 20 * Math.sinh(y) +
    21 * Math.sqrt(y) + 22 * Math.tan(x) + 23 * Math.tanh(x)
  );
}
