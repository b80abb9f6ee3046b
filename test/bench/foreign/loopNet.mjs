// A network in nested arrays, written with loops.
const hidden = 32;
const inputs = 8;
const data = Array.from({ length: 60 }, (_, i) => ({
  x: Array.from({ length: inputs }, (_, j) => Math.sin(0.9 * i + 1.1 * j)),
  y: Math.cos(0.3 * i),
}));

export function loss(params) {
  const w1 = [];
  const b1 = [];
  const w2 = [];
  let p = 0;
  for (let j = 0; j < hidden; j++) {
    w1[j] = [];
    for (let i = 0; i < inputs; i++) w1[j][i] = params[p++];
    b1[j] = params[p++];
    w2[j] = params[p++];
  }
  const b2 = params[p];
  let total = 0;
  for (let n = 0; n < data.length; n++) {
    const { x, y } = data[n];
    let out = b2;
    for (let j = 0; j < hidden; j++) {
      let z = b1[j];
      for (let i = 0; i < inputs; i++) {
        z += w1[j][i] * x[i];
      }
      const a = z > 0 ? z : 0.01 * z;
      out += w2[j] * a;
    }
    const diff = out - y;
    total += diff * diff;
  }
  return total / data.length;
}

export const start = Array.from({ length: hidden * (inputs + 2) + 1 }, (_, k) => 0.4 * Math.sin(1.3 * k + 1));
