import { describe, expect, it } from 'vitest';
import { withProposal } from '../../../src/core/verdict/proposal';
import type { Verdict } from '../../../src/core/verdict/verdict';
import { someVerdict } from '../../support/verdicts';

const improving: Verdict = {
  ...someVerdict,
  kind: 'still-improving',
  headline: 'Not finished: the loss still decreases by 1.5e-4 per step.',
};
const fix = (label: string) => ({
  id: 'optimizer.lr=0.08',
  title: `${label}: reaches loss 0.0026 in 990 steps; now: still decreases at 4.18`,
  patch: { optimizer: { lr: 0.08 } },
  verified: null,
  words: { label, loss: 'loss', reached: '0.0026', t: 990, now: 'still decreases at 4.18' },
});

describe('a verdict with its best fix', () => {
  it('names it in the headline of an unfinished run, and in the detail', () => {
    const { headline, detail } = withProposal({ ...improving, fixes: [fix('lr 0.08')] }, 1000);
    expect(headline).toBe(
      'Not finished: the loss still decreases by 1.5e-4 per step; lr 0.08 reaches 0.0026.',
    );
    expect(detail).toBe('The loss went from 2 to 1. lr 0.08 reaches 0.0026 in 990 steps.');
    expect(withProposal({ ...improving, fixes: [fix('lr 0.08')] }, 990).detail).toMatch(
      /in the same 990 steps/,
    );
  });

  it('keeps a headline that would be too long', () => {
    const long = fix('sgd lr 0.0032, momentum 0.9, cosine decay of lr');
    expect(withProposal({ ...improving, fixes: [long] }, 1000).headline).toBe(improving.headline);
  });

  it('is unchanged without fixes', () => {
    expect(withProposal(improving, 1000)).toBe(improving);
  });
});
