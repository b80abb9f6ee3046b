import type { Verdict } from '../../src/core/verdict/verdict';

/** A verdict for tests of code that only passes it on. */
export const someVerdict: Verdict = {
  kind: 'converged',
  headline: 'Converged: the loss is 1 after 3 steps.',
  detail: 'The loss went from 2 to 1.',
  certainty: 0.9,
  evidence: { startLoss: 2, finalLoss: 1 },
  fixes: [],
};
