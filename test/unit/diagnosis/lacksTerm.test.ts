import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/diagnosis/finding';
import { isCut, lacksTerm } from '../../../src/core/diagnosis/lacksTerm';
import { diagnosed } from './support/diagnosed';
import { problem } from './support/problems';

const finding = (part: Partial<Finding>) =>
  ({ severity: 'warning', evidence: {}, origin: null, ...part }) as Finding;
const location = { file: 'a.ts', line: 1, column: 1 } as unknown as NonNullable<Finding['location']>;

describe('a gradient that lacks a term', () => {
  it('is known where the operation is, or where the loss was seen to change', () => {
    const cut = { kind: 'cut-derivative', location, expression: 'Math.round(x)' } as const;
    expect(isCut(finding({ code: 'zero-gradient', origin: cut }))).toBe(true);
    expect(isCut(finding({ code: 'zero-gradient', evidence: { changeAbove: 1 } }))).toBe(true);
    expect(lacksTerm([finding({ code: 'piecewise-constant' })])).toBe(true);
  });

  it('is not known of a parameter that the loss does not use, or where differences replace the gradient', () => {
    expect(isCut(finding({ code: 'zero-gradient' }))).toBe(false);
    expect(lacksTerm([finding({ code: 'piecewise-constant', severity: 'info' })])).toBe(false);
    expect(lacksTerm([])).toBe(false);
  });

  it('lets no run converge', async () => {
    const rounded = problem([4, 0.3], (p, grad) => {
      grad.set([2 * p[0]!, 0]);
      return p[0]! ** 2 + Math.floor(100 * p[1]!) ** 2;
    });
    const { verdict, of } = await diagnosed(
      rounded,
      [{ optimizer: { name: 'adam', lr: 0.05 }, schedule: { name: 'cosine' }, steps: 1000 }],
      { around: true },
    );
    expect(of('zero-gradient')?.evidence).toHaveProperty('changeAbove');
    expect(verdict.kind).toBe('stalled');
    expect(of('plateau')).toBeUndefined();
  });
});
