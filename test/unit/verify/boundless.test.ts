import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { lrFix } from '../../../src/core/diagnosis/fixes';
import type { Candidate, ProposedFix } from '../../../src/core/verify/candidates';
import { findingTarget } from '../../../src/core/verify/fixTarget';
import { boundlessFix, judgeProposal, type Tried } from '../../../src/core/verify/judgeProposal';
import type { Trial } from '../../../src/core/verify/watcher';
import { aFinding } from '../../support/findings';
import { trial } from './support/trial';

const { config } = resolveConfig([]);
const oscillation = aFinding({ code: 'oscillation', severity: 'warning', evidence: { rise: 1 } });
const divergence = aFinding({ code: 'divergence', severity: 'error', evidence: { rise: 1 } });

/** Two fixes of a finding; the second one ends as stated. */
function judged(finding: typeof oscillation, baseline: Trial, second: Trial) {
  const fixes: ProposedFix[] = [0.01, 0.001].map((lr) => ({
    fix: lrFix(config, lr),
    candidate: { config, edit: null, agreesUntil: 0 },
  }));
  const tried = new Map<Candidate, Tried>([
    [fixes[0]!.candidate, { trial: trial({ level: -5, ends: 'still-improving' }) }],
    [fixes[1]!.candidate, { trial: second }],
  ]);
  const proposal = { target: findingTarget(finding), fixes };
  return judgeProposal(proposal, baseline, tried, 1, boundlessFix(fixes, tried));
}

describe('the fixes for a loss that decreases without a bound with one of them', () => {
  it('are none, because a lower loss is no better', () => {
    const { fixes, refusal } = judged(
      oscillation,
      trial({ level: 0.5, ends: 'unstable' }, oscillation),
      trial({ level: -20, ends: 'unbounded' }),
    );
    expect(fixes).toEqual([]);
    expect(refusal).toBe(
      'With lr 0.001, the loss decreases without a lower bound, so a lower one shows no better fix.',
    );
  });

  it('are offered where each run stays bounded', () => {
    const { fixes, refusal } = judged(
      oscillation,
      trial({ level: 0.5, ends: 'unstable' }, oscillation),
      trial({ level: -0.1, ends: 'converged' }),
    );
    expect(fixes.map(({ id }) => id)).not.toEqual([]);
    expect(refusal).toBeNull();
  });

  it('are offered for an error, which they remove', () => {
    const { fixes } = judged(
      divergence,
      trial({ level: 1e9, ends: 'diverged' }, divergence),
      trial({ level: -20, ends: 'unbounded' }),
    );
    expect(fixes).not.toEqual([]);
  });
});
