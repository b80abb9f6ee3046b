import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Finding, FixOutcome } from '../../../src/core/diagnosis/finding';
import { decayFromFix, gradientModeFix, lrFix } from '../../../src/core/diagnosis/fixes';
import type { Objective } from '../../../src/core/objective';
import type { RunOutcome } from '../../../src/core/runLoop';
import type { StepView } from '../../../src/core/update';
import { mostCandidates } from '../../../src/core/verify/candidates';
import { isEqualLoss } from '../../../src/core/verify/equalLoss';
import type { VerifiedFixes } from '../../../src/core/verify/verificationSetting';
import { verifyFixes } from '../../../src/core/verify/verifyFixes';
import { aFinding } from '../../support/findings';
import { labelledRuns } from '../diagnosis/support/cases';
import { diagnosed } from '../diagnosis/support/diagnosed';
import { affine, bowl, type Problem, problem } from '../diagnosis/support/problems';
import { settingOf, verified } from './support/verified';

const asFixOutcome = ({ final, best, steps, stopped }: RunOutcome): FixOutcome => ({
  loss: final.loss,
  bestLoss: best.loss,
  steps,
  stopped,
});
const found = labelledRuns.filter(({ finds }) => finds.length > 0);
const broken = /^(divergence|non-finite)/;

describe('verified fixes of runs with known findings', () => {
  it.each(found)(
    '$name: the result shown for a fix is that of a run with the fix',
    async ({ problem, patch }) => {
      let startLoss = Number.NaN;
      const also = {
        onStep({ t, loss }: StepView) {
          if (t === 1) startLoss = loss;
        },
      };
      const before = await diagnosed(problem, [patch], { also });
      const { findings, fixes, isComplete } = await verified(problem, [patch]);
      expect(isComplete).toBe(true);
      expect(fixes.length).toBe(findings.length);
      for (const [i, finding] of findings.entries()) {
        const offered = fixes[i]!;
        expect(offered.length).toBeLessThanOrEqual(3);
        const outcomes = [];
        for (const fix of offered) {
          const after = await diagnosed(problem, [patch, fix.patch!]);
          expect(fix.verified).toEqual({
            before: asFixOutcome(before.outcome),
            after: asFixOutcome(after.outcome),
          });
          expect(fix.title).toMatch(
            /^(.+): reaches loss \S+ in \d+ steps?( \(later steps not tried\))?; now: .+$/,
          );
          expect(fix.title.startsWith(`${fix.words!.label}: reaches`)).toBe(true);
          expect(fix.title).not.toMatch(/undefined|NaN in/);
          // A fix must do no harm. No error remains or is new. If the run had only warnings, no warning is new,
          // except for a plateau at a lower loss.
          expect(after.labels.filter((label) => broken.test(label))).toEqual([]);
          expect(Number.isFinite(after.outcome.final.loss)).toBe(true);
          const isLower = after.outcome.best.loss < before.outcome.best.loss;
          const codes = (alarms: readonly Finding[]) =>
            alarms.map(({ code }) => code).filter((code) => !(code === 'plateau' && isLower));
          if (finding.severity !== 'error')
            expect(codes(before.alarms)).toEqual(expect.arrayContaining(codes(after.alarms)));
          // What ends above the lowest loss of a broken run is last, and its words say so.
          const isAbove = fix.words!.now.includes('after a lower loss');
          outcomes.push({
            alarms: (isAbove ? 2 : 0) + (after.alarms.length > 0 ? 1 : 0),
            best: after.outcome.best.loss,
          });
        }
        for (const [k, { alarms, best }] of outcomes.entries())
          for (const later of outcomes.slice(k + 1)) {
            expect(alarms).toBeLessThanOrEqual(later.alarms);
            // Among equal losses, the smallest change is first.
            const isHigher = alarms === later.alarms && best > later.best;
            if (isHigher) expect(isEqualLoss(later.best, best, startLoss)).toBe(true);
          }
      }
    },
  );

  const offers: Readonly<Record<string, readonly string[]>> = {
    // Clipped steps do not grow, but oscillate until the end.
    'sgd beyond 2/λ': ['lr 0.01', 'lr 0.003'],
    'a logarithm left behind, sgd': ['lr 0.001'],
    // Where the curvature is measured, lr 1 passes the limit of stability later in the run, and is not offered. Here it is not measured.
    'adam on Rosenbrock, lr 10': ['lr 1'],
    // Each proposed fix removes the jump, but ends at a higher loss than the run with the jump.
    'a first step too long': [],
    'an update by 0/0': [],
    'bouncing about a kink, adam': ['cosine decay of lr'],
    // The loss equals that of the least-squares solution within 1e-6, so no improvement is possible.
    'noise floor, sgd': [],
    'noise floor, adam': ['cosine decay of lr', 'lr 0.005', 'batch size 40'],
    'lr too small, adam': ['lr 0.006', 'lr 0.001'],
    // A fix with less than a tenth of the best improvement is not offered.
    'lr too small, sgd': ['lr 0.001'],
    'out of the domain at the last step': ['decrease lr tenfold after step 3'],
  };
  it.each(Object.entries(offers))('%s: %j', async (name, wanted) => {
    const { problem, patch } = labelledRuns.find((run) => run.name === name)!;
    const { fixes } = await verified(problem, [patch]);
    expect(fixes[0]!.map(({ words }) => words?.label)).toEqual(wanted);
  });

  it('are the same for a loss that is shifted', async () => {
    const blind = found.filter(({ name }) => !/eps|^a gradient that|0\/0/.test(name));
    for (const { name, problem, patch } of blind) {
      const plain = await verified(problem, [patch]);
      const shifted = await verified(affine(problem, 1, -64), [patch]);
      const labels = (fixes: VerifiedFixes) =>
        fixes
          .flat()
          .map(({ words }) => words?.label)
          .sort();
      expect(labels(shifted.fixes), name).toEqual(labels(plain.fixes));
    }
  }, 60_000);
});

describe('the title of a verified fix', () => {
  const titleOf = async (of: Problem, patch: RunConfigPatch) =>
    (await verified(of, [patch])).fixes[0]?.[0]?.title;

  it.each<[string, Problem, RunConfigPatch]>([
    [
      'lr 0.01: reaches loss 0.00898 in 200 steps; now: diverges at step 2',
      bowl([100, 1], [1, 1]),
      { optimizer: { name: 'sgd', lr: 0.03 }, steps: 200 },
    ],
    [
      'lr 0.006: reaches loss 0.00659 in 1000 steps; now: ends at 8.41',
      bowl([2], [0], [3]),
      { optimizer: { name: 'adam', lr: 1e-4 }, steps: 1000 },
    ],
    // Three digits would show the same number for the start and the end.
    [
      'lr 0.006: reaches loss 1e5 in 1000 steps; now: ends at 1.0001e5',
      affine(bowl([2], [0], [3]), 1, 1e5),
      { optimizer: { name: 'adam', lr: 1e-4 }, steps: 1000 },
    ],
  ])('%s', async (title, of, patch) => {
    expect(await titleOf(of, patch)).toBe(title);
  });
});

/** The start is almost 0 along the steep direction. */
const growsLate = bowl([100, 1], [1e-9, 1]);

/** A finding late in a run, with fixes. */
function late(from: number, patch: RunConfigPatch): Finding {
  const { config } = resolveConfig([patch]);
  return aFinding({
    code: 'plateau',
    steps: [from, config.steps],
    evidence: { class: 'flat-valley', loss: 1 },
    fixes: [lrFix(config, 0.001)],
  });
}

describe('a finding late in a run', () => {
  const patch = { optimizer: { name: 'adam', lr: 0.5 }, steps: 900 };
  const valley = problem([20, 3], (p, grad) => {
    grad[0] = Math.sign(p[0]!);
    grad[1] = 4 * p[1]!;
    return Math.abs(p[0]!) + 2 * p[1]! ** 2;
  });

  it('gets a learning-rate decay that starts before it, continued from that step with a bitwise equal result', async () => {
    const { config } = resolveConfig([patch]);
    let evaluations = 0;
    const counted: Objective = {
      ...valley.objective,
      valueAndGradient(...args) {
        evaluations++;
        return valley.objective.valueAndGradient(...args);
      },
    };
    const setting = settingOf(valley, { objective: async () => counted });
    const { findings } = await diagnosed(valley, [patch]);
    expect(findings.map(({ code }) => code)).toEqual(['plateau']);
    const begun = 600;
    const finding = { ...findings[0]!, steps: [begun, 900], fixes: [lrFix(config, 0.05)] } as const;
    const { fixes } = await verifyFixes(setting, config, [finding]);
    const decay = fixes[0]!.find(({ words }) => words?.label === 'decrease lr tenfold after step 540')!;
    expect(decay.patch).toEqual(decayFromFix(540).patch);
    const whole = await diagnosed(valley, [patch, decay.patch!]);
    expect(decay.verified!.after).toEqual(asFixOutcome(whole.outcome));
    // Two runs from the start and one from step 540, each with its final evaluation.
    expect(evaluations).toBe(2 * 901 + (900 - 540) + 1);
  });

  it('is not continued from there if the loss depends on earlier evaluations', async () => {
    let evaluations = 0;
    const remembering = (): Objective => {
      let calls = 0;
      return {
        ...growsLate.objective,
        valueAndGradient(...args) {
          evaluations++;
          return (growsLate.objective.valueAndGradient(...args) as number) - 1e-9 * calls++;
        },
      };
    };
    const layers = [{ optimizer: { name: 'sgd', lr: 0.025 }, steps: 120 }];
    const { findings } = await diagnosed(growsLate, layers);
    const setting = settingOf(growsLate, { objective: async () => remembering() });
    const { fixes } = await verifyFixes(setting, resolveConfig(layers).config, findings);
    // Five runs from the start, and one that was abandoned after its first step from the fork.
    expect(evaluations).toBe(5 * 121 + 2);
    const decay = fixes[0]!.find(({ words }) => words?.label === 'decrease lr tenfold after step 42')!;
    const whole = await diagnosed({ ...growsLate, objective: remembering() }, [...layers, decay.patch!]);
    expect(decay.verified!.after).toEqual(asFixOutcome(whole.outcome));
  });

  it('gets no decay if it is early or the run has a schedule', async () => {
    for (const [from, more] of [
      [300, {}],
      [600, { schedule: { name: 'exponential', gamma: 0.9999 } }],
    ] as const) {
      const { config } = resolveConfig([patch, more]);
      const seen: string[] = [];
      const setting = settingOf(valley, {
        objective: async ({ schedule }) => {
          seen.push(schedule?.name ?? 'none');
          return valley.objective;
        },
      });
      await verifyFixes(setting, config, [late(from, patch)]);
      expect(seen).not.toContain('multiStep');
    }
  });

  it('gets a decay if a direction grows late in gradient descent', async () => {
    const { fixes, findings } = await verified(growsLate, [
      { optimizer: { name: 'sgd', lr: 0.025 }, steps: 120 },
    ]);
    expect(findings[0]!.steps[0]).toBeGreaterThan(40);
    expect(fixes[0]![0]!.title).toBe(
      'decrease lr tenfold after step 42: reaches loss 0.0403 in 120 steps; now: diverges at step 47',
    );
  });
});

describe('the candidates that are run', () => {
  const patch = { optimizer: { name: 'sgd', lr: 0.03 }, steps: 200 };
  const of = bowl([100, 1], [1, 1]);

  async function tried(findings: readonly Finding[], went = (_done: number, _total: number) => true) {
    const { config } = resolveConfig([patch]);
    const lrs: number[] = [];
    const known: VerifiedFixes[] = [];
    const totals = new Set<number>();
    const setting = settingOf(of, {
      objective: async ({ optimizer }) => {
        lrs.push(optimizer.lr as number);
        return of.objective;
      },
      progress: {
        went(done, total) {
          totals.add(total);
          return went(done, total);
        },
      },
      known: (fixes) => known.push(fixes),
    });
    const result = await verifyFixes(setting, config, findings);
    return { ...result, lrs, known, totals: [...totals], config };
  }

  // The last losses spread over more than what a better run gains, but each of them is exact.
  it('are found for a run that oscillates over a few steps', async () => {
    const oscillating = { optimizer: { name: 'signsgd', lr: 0.1 }, steps: 100 };
    const { findings, fixes } = await verified(bowl([2, 2], [1, 1]), [oscillating]);
    expect(findings.map(({ code }) => code)).toEqual(['oscillation']);
    expect(fixes[0]!.length).toBeGreaterThan(0);
    for (const { verified } of fixes[0]!) expect(verified!.after.loss).toBeLessThan(verified!.before.loss);
  });

  it('include each configuration once, even if several findings propose it', async () => {
    const { findings } = await diagnosed(of, [patch]);
    const { fixes, lrs, known, totals } = await tried([findings[0]!, findings[0]!]);
    // The baseline run, its loss at the start, and three candidates.
    expect(lrs).toEqual([0.03, 0.03, 0.01, 0.003, 0.03]);
    expect(totals).toEqual([4]);
    expect(fixes[0]).toEqual(fixes[1]);
    expect(known.map((each) => each[0]!.length)).toEqual([1, 2, 2]);
  });

  it('are at most a dozen, with those of the most severe findings first', async () => {
    const { findings } = await diagnosed(of, [patch]);
    const { config } = resolveConfig([patch]);
    const many = Array.from({ length: 20 }, (_, i) => lrFix(config, 0.0001 * (i + 1)));
    const mild = { ...findings[0]!, severity: 'warning', fixes: many } as const;
    const { lrs, fixes, totals } = await tried([mild, findings[0]!]);
    expect(totals).toEqual([mostCandidates + 1]);
    expect(lrs.slice(2, 5)).toEqual([0.01, 0.003, 0.03]);
    expect(fixes[1]!.length).toBe(2);
  });

  it('end when the user cancels, and the results so far are returned', async () => {
    const { findings } = await diagnosed(of, [patch]);
    const before = await tried(findings, () => false);
    expect([before.isComplete, before.fixes]).toEqual([false, [[]]]);
    const { isComplete, fixes } = await tried(findings, (done) => done < 2);
    expect(isComplete).toBe(false);
    expect(fixes[0]!.map(({ words }) => words?.label)).toEqual(['lr 0.01']);
  });

  it('have a reason if none helps, and none if one does', async () => {
    const { findings } = await diagnosed(of, [patch]);
    const { config } = resolveConfig([patch]);
    const worse = { ...findings[0]!, fixes: [lrFix(config, 0.05), lrFix(config, 0.04)] };
    const { fixes, refusals } = await tried([findings[0]!, worse, { ...worse, fixes: [] }]);
    expect(fixes.map(({ length }) => length)).toEqual([2, 0, 0]);
    expect(refusals).toEqual([null, 'None of the 2 fixes tried helps: with both an error remains.', null]);
  });

  it('are none if there are no findings', async () => {
    const { lrs, isComplete } = await tried([]);
    expect([lrs, isComplete]).toEqual([[], true]);
  });

  it('are none for a finding that the baseline run does not have', async () => {
    // As after the user had changed the learning rate during the run.
    const calm = { ...patch, optimizer: { name: 'sgd', lr: 0.01 } };
    const { findings } = await diagnosed(of, [patch]);
    const { config } = resolveConfig([calm]);
    const { fixes, refusals } = await verifyFixes(settingOf(of), config, findings);
    expect(fixes).toEqual([[]]);
    expect(refusals[0]).toMatch(/^The finding did not occur when the current configuration was run again/);
  });

  it('include another gradient mode if the provided gradient is wrong', async () => {
    const wrong: Objective = {
      ...of.objective,
      valueAndGradient(params, grad, open) {
        const loss = of.objective.valueAndGradient(params, grad, open);
        grad[0] = -grad[0]!;
        return loss;
      },
    };
    const mismatch = (mode: 'exact' | 'finite-difference'): Finding => ({
      ...late(1, patch),
      code: 'gradient-mismatch',
      severity: 'error',
      steps: [1, 1],
      fixes: [gradientModeFix(mode)],
    });
    const { config } = resolveConfig([{ ...patch, optimizer: { name: 'sgd', lr: 0.01 } }]);
    const setting = settingOf(of, {
      objective: async ({ gradientMode }) =>
        gradientMode === 'auto' ? wrong : gradientMode === 'exact' ? of.objective : null,
      checked: async (plain, { gradientMode }, report) => {
        if (gradientMode === 'auto') report({ ...mismatch('exact'), fixes: [] });
        return plain;
      },
    });
    const { fixes } = await verifyFixes(setting, config, [mismatch('exact'), mismatch('finite-difference')]);
    expect(fixes.map((each) => each.map(({ words }) => words?.label))).toEqual([['gradientMode exact'], []]);
    expect(fixes[0]![0]!.title).toMatch(
      /^gradientMode exact: reaches loss 0\.00898 in 200 steps; now: with a wrong gradient, ends at /,
    );
  });
});
