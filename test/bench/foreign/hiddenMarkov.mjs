// Negative log likelihood of a hidden Markov model by the forward algorithm with scaling.
const states = 4;
const symbols = 3;
const sequence = Array.from({ length: 150 }, (_, i) => (i * i + 3 * i) % symbols);

function softmax(logits) {
  const max = Math.max(...logits);
  const exps = logits.map((v) => Math.exp(v - max));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((v) => v / total);
}

function rows(params, from, count, width) {
  const result = [];
  for (let i = 0; i < count; i++)
    result.push(softmax(params.slice(from + i * width, from + (i + 1) * width)));
  return result;
}

export function loss(params) {
  const initial = softmax(params.slice(0, states));
  const transition = rows(params, states, states, states);
  const emission = rows(params, states + states * states, states, symbols);
  let alpha = initial.map((p, s) => p * emission[s][sequence[0]]);
  let logLikelihood = 0;
  for (let t = 0; t < sequence.length; t++) {
    if (t > 0) {
      const next = new Array(states).fill(0);
      for (let j = 0; j < states; j++) {
        for (let i = 0; i < states; i++) next[j] += alpha[i] * transition[i][j];
        next[j] *= emission[j][sequence[t]];
      }
      alpha = next;
    }
    const norm = alpha.reduce((a, b) => a + b, 0);
    alpha = alpha.map((a) => a / norm);
    logLikelihood += Math.log(norm);
  }
  return -logLikelihood;
}

export const start = Array.from({ length: states + states * states + states * symbols }, (_, k) =>
  Math.sin(2.3 * k),
);
