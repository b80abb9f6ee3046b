import { describe, expect, it } from 'vitest';
import { Board } from '../../../src/core/diagnosis/board';
import type { DiagnosisCode } from '../../../src/core/diagnosis/catalogue';
import { withoutConsequences } from '../../../src/core/diagnosis/consequences';
import type { FindingReport } from '../../../src/core/diagnosis/finding';

const report = (code: DiagnosisCode): FindingReport => ({
  code,
  severity: 'warning',
  headline: '',
  detail: '',
  advice: '',
  steps: [1, 1],
  coordinates: [],
  evidence: {},
  subject: null,
  fixes: [],
});
const shown = (...codes: DiagnosisCode[]) => {
  const board = new Board();
  for (const code of codes) board.post(report(code));
  return withoutConsequences(board.findings).map(({ code }) => code);
};

describe('consequences of a wrong gradient', () => {
  it('are not reported, whichever came first', () => {
    expect(shown('edge-of-stability', 'gradient-mismatch', 'divergence')).toEqual(['gradient-mismatch']);
  });

  it('are reported if the gradient is right', () => {
    expect(shown('edge-of-stability', 'divergence')).toEqual(['edge-of-stability', 'divergence']);
  });

  it('do not include what concerns the loss itself', () => {
    const codes = ['non-finite-loss', 'non-deterministic-loss', 'gradient-mismatch'] as const;
    expect(shown(...codes)).toEqual(codes);
  });
});

describe('consequences of a loss that differs between evaluations', () => {
  it('are not reported: they describe its noise', () => {
    expect(shown('loss-spike', 'non-deterministic-loss', 'edge-of-stability', 'oscillation')).toEqual([
      'non-deterministic-loss',
    ]);
  });

  it('do not include what is larger than noise', () => {
    const codes = ['non-deterministic-loss', 'divergence', 'zero-gradient'] as const;
    expect(shown(...codes)).toEqual(codes);
  });
});
