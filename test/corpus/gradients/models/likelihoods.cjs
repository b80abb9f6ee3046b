const data = require('./points.json').series;

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

function lgamma(x) {
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgamma(1 - x);
  x -= 1;
  let a = LANCZOS[0];
  const t = x + 7.5;
  for (let i = 1; i < 9; ++i) a += LANCZOS[i] / (x + i);
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(a);
}

/** Negative binomial counts. */
exports.countsNll = ([logMean, logSize]) => {
  const [mean, size] = [logMean, logSize].map(Math.exp);
  return [0, 3, 1, 7, 2].reduce(
    (s, k) => s - (lgamma(k + size) - lgamma(size) - lgamma(k + 1) + size * Math.log(size / (size + mean)) + k * Math.log(mean / (size + mean))),
    0,
  );
};

/** Student's t with free degrees of freedom. */
exports.studentNll = ([m, logScale, logDof]) => {
  const s = Math.exp(logScale), nu = Math.exp(logDof);
  let nll = 0;
  for (const v of data)
    nll -=
      lgamma((nu + 1) / 2) - lgamma(nu / 2) - 0.5 * Math.log(nu * Math.PI) - Math.log(s) -
      ((nu + 1) / 2) * Math.log1p(((v - m) / s) ** 2 / nu);
  return nll;
};

/** A mixture of two normals: weights by a softmax, and logsumexp for each sample. */
exports.mixtureNll = function (p) {
  const parts = [0, 1].map((k) => ({ logit: p[k], mean: p[2 + k], width: Math.log1p(Math.exp(p[4 + k])) }));
  const lse = (v) => {
    const m = v.reduce((a, b) => Math.max(a, b), -Infinity);
    return m + Math.log(v.reduce((s, x) => s + Math.exp(x - m), 0));
  };
  const norm = lse(parts.map(({ logit }) => logit));
  return -data.reduce(
    (s, x) => s + lse(parts.map(({ logit, mean, width }) => logit - norm - Math.log(width) - 0.5 * ((x - mean) / width) ** 2)),
    0,
  );
};

/** The expected log-likelihood of EM: responsibilities from the current parameters. */
exports.emLoss = function ([a, b]) {
  let s = 0;
  for (const x of data) {
    const [da, db] = [Math.exp(-((x - a) ** 2)), Math.exp(-((x - b) ** 2))];
    const r = da / (da + db);
    s += r * (x - a) ** 2 + (1 - r) * (x - b) ** 2;
  }
  return s;
};

const robust = {
  huber: (r) => (Math.abs(r) <= 0.5 ? 0.5 * r * r : 0.5 * (Math.abs(r) - 0.25)),
  cauchy: (r) => Math.log(1 + r * r),
  welsch: (r) => 1 - Math.exp(-r * r),
  logcosh: (r) => Math.log(Math.cosh(r)),
};

/** Four robust losses of a line, chosen by name. */
exports.robustLoss = ([slope, offset]) => {
  let total = 0;
  for (const name of Object.keys(robust)) {
    const rho = robust[name];
    total += data.map((y, i) => rho(slope * i + offset - y)).reduce((a, b) => a + b);
  }
  return total;
};
