// A sparse matrix in compressed rows, and a conjugate gradient step with it.
const start = new Int32Array([0, 2, 5, 7]);
const column = new Uint16Array([0, 1, 0, 1, 2, 1, 2]);
const value = Float64Array.of(4, -1, -1, 4, -1, -1, 4);
let r = new Float64Array(0);

function multiply(x, into) {
  for (let i = 0; i + 1 < start.length; i++) {
    let s = 0;
    for (let k = start[i]; k < start[i + 1]; k++) s += value[k] * x[column[k]];
    into[i] = s;
  }
  return into;
}

const norm2 = (v) => v.reduce((s, x) => s + x * x, 0);

/** @type {(x: number[]) => number} */
exports.residualLoss = (x) => {
  if (r.length !== x.length) r = new Float64Array(x.length);
  multiply(x, r);
  r.forEach((v, i) => (r[i] = v - (i + 1)));
  return norm2(r);
};

module.exports.dataViewLoss = function ([x, y]) {
  const view = new DataView(new ArrayBuffer(16));
  view.setFloat64(8, x * y);
  return view.getFloat64(8) + x;
};
