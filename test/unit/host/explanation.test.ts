import { describe, expect, it } from 'vitest';
import type { Fix } from '../../../src/core/diagnosis/finding';
import { verdictId } from '../../../src/core/verdict/verdict';
import { explanationOf, fixTexts, outputLines } from '../../../src/host/testing/explanation';
import { Run } from '../../../src/runs/run';
import type { RunRecord } from '../../../src/runs/runRecord';
import { aFinding } from '../../support/findings';
import { someVerdict } from '../../support/verdicts';
import { runRecord } from '../runs/support/runRecord';

const words = { label: 'lr 0.01', loss: 'loss', reached: '0.2', t: 60, now: 'diverges at step 2' };
const fix: Fix = { id: 'lr', title: 'lr 0.01: reaches …', patch: {}, verified: null, words };
const untried: Fix = { id: 'steps', title: 'steps 900', patch: {}, verified: null };
const warning = aFinding({ id: 'plateau-1', code: 'plateau', headline: 'The loss stalls.' });
const error = aFinding({
  severity: 'error',
  headline: 'The loss diverges.',
  detail: 'It grew.',
  advice: 'Decrease @optimizer lr.',
});
const end = { params: Float64Array.of(0), loss: 1, gradNorm: 1 };
const outcome = {
  steps: 3,
  stopped: 'steps' as const,
  final: end,
  best: { params: end.params, loss: 1, t: 1 },
  verdict: { ...someVerdict, headline: 'Still improving.', detail: 'It fell.', fixes: [untried] },
};
const missed = { met: false, reached: { loss: 1, t: 3 }, metAt: null };

function runWith(record: Partial<RunRecord>): Run {
  const base = runRecord('id');
  return new Run({
    ...base,
    status: 'finished',
    verification: 'done',
    config: { ...base.config, expect: { loss: 0.5, steps: null } },
    ...record,
  });
}

describe('the explanation of a failed test', () => {
  it('is the worst finding with its first fix', () => {
    const run = runWith({ findings: [warning, { ...error, fixes: [fix, untried] }], outcome });
    expect(explanationOf(run)).toMatchObject({
      finding: { id: 'divergence-1' },
      headline: 'The loss diverges.',
      details: ['It grew.', 'Decrease @optimizer lr.'],
      fix: { fix, findingId: 'divergence-1' },
      refusal: null,
    });
  });

  it('has the fix of the verdict if the finding has none, or why none helps', () => {
    const withVerdict = explanationOf(runWith({ findings: [error], outcome }));
    expect(withVerdict?.fix).toEqual({ fix: untried, findingId: verdictId });
    const without = runWith({ findings: [warning, error] });
    without.refusals = [null, 'The only fix tried does not help.'];
    expect(explanationOf(without)).toMatchObject({ fix: null, refusal: 'The only fix tried does not help.' });
  });

  it('is the verdict if there is no finding but notes, and nothing before the first step', () => {
    const note = aFinding({ severity: 'info' });
    expect(explanationOf(runWith({ findings: [note], outcome }))).toMatchObject({
      finding: null,
      headline: 'Still improving.',
      fix: { fix: untried, findingId: verdictId },
    });
    expect(explanationOf(runWith({ findings: [note] }))).toBeNull();
  });

  it('offers no fix that has not been tried, unless trials are disabled', () => {
    const findings = [{ ...error, fixes: [untried] }];
    expect(explanationOf(runWith({ findings, verification: 'none' }))?.fix).toBeNull();
    expect(explanationOf(runWith({ findings, verification: 'off' }))?.fix?.fix).toBe(untried);
    expect(fixTexts(untried)).toEqual({ label: 'steps 900', outcome: 'not tried' });
  });

  it('is printed with the result, and only findings are printed for a test that passed', () => {
    const run = runWith({ findings: [{ ...error, fixes: [fix] }], outcome, expectation: missed });
    expect(outputLines(run, false)).toEqual([
      'FAIL  f: expected loss < 0.5: reached 1 at step 3 ✗',
      '      error: The loss diverges. [divergence]',
      '          It grew.',
      '          Decrease @optimizer lr.',
      '          try lr 0.01: reaches loss 0.2 in 60 steps; now: diverges at step 2',
    ]);
    const met = { met: true, reached: { loss: 0.1, t: 3 }, metAt: 3 };
    expect(outputLines(runWith({ outcome, expectation: met }), true)).toEqual([
      'ok    f: expected loss < 0.5: reached 0.1 at step 3 ✓',
    ]);
  });
});
