import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { DiagnosisCode } from '../../../src/core/diagnosis/catalogue';
import type { Finding } from '../../../src/core/diagnosis/finding';
import { lrFix } from '../../../src/core/diagnosis/fixes';
import type { Severity } from '../../../src/core/diagnosis/severity';
import type { VerdictKind } from '../../../src/core/verdict/verdict';
import { counterpart, findingTarget } from '../../../src/core/verify/fixTarget';
import { type Comparison, helps, type Ranking, ranked, refusalOf } from '../../../src/core/verify/judge';
import { fixWords, limitOf, outcomeSentence, refusalSentence } from '../../../src/core/verify/titles';
import type { Trial } from '../../../src/core/verify/watcher';
import { aFinding } from '../../support/findings';
import { type Numbers, trial } from './support/trial';

const { config } = resolveConfig([]);

function found(code: DiagnosisCode, rise = 1, severity: Severity = 'warning', from = 1): Finding {
  return aFinding({ code, severity, steps: [from, 100], evidence: { rise } });
}

const divergence = found('divergence', 1, 'error');
const jump = found('instability-at-start', 8);
const plateau = found('plateau');
const overfitting = found('overfitting');

interface Row {
  readonly what: string;
  readonly finding: Finding;
  readonly baseline: Trial;
  readonly trial: Trial;
  readonly helps: boolean;
}
const row = (what: string, finding: Finding, baseline: Trial, tried: Trial, isHelp: boolean): Row => ({
  what,
  finding,
  baseline,
  trial: tried,
  helps: isHelp,
});

const diverged = trial({ level: Number.NaN, best: 10 }, divergence);
const jumped = trial({ level: 1, spread: 0.02 }, jump);
const lost = trial({ level: Number.NaN, best: 10, ends: 'broken' }, plateau);
const stands = trial({ level: 5, best: 4.9, spread: 0.2 }, plateau);

/** The loss at the start of these runs is 10. */
const rows: readonly Row[] = [
  row('an end below the start', divergence, diverged, trial({ level: 9 }), true),
  row('a leap of ninety times the decrease', divergence, diverged, trial({ level: 9, highest: 100 }), true),
  row('a leap far above the start', divergence, diverged, trial({ level: 9, highest: 111 }), false),
  row('an end at the start', divergence, diverged, trial({ level: 10, best: 9 }), false),
  row('an end above the start', divergence, diverged, trial({ level: 11, best: 9 }), false),
  row('another divergence', divergence, diverged, trial({ level: 9 }, divergence), false),
  row(
    'another error',
    divergence,
    diverged,
    trial({ level: 9 }, found('non-finite-loss', 1, 'error')),
    false,
  ),
  row('a warning in the place of an error', divergence, diverged, trial({ level: 9 }, jump), true),
  row('a final loss of NaN', divergence, diverged, trial({ level: Number.NaN, best: 1 }), false),
  row('a loss that throws', divergence, diverged, trial({ level: 1, stopped: 'error' }), false),
  row(
    'parameters that are not finite',
    divergence,
    diverged,
    trial({ level: 1, stopped: 'nonFinite' }),
    false,
  ),
  row(
    'an error that both have',
    divergence,
    trial({ level: Number.NaN }, divergence, found('gradient-mismatch', 1, 'error')),
    trial({ level: 1 }, found('gradient-mismatch', 1, 'error')),
    false,
  ),

  row('no jump, the same end', jump, jumped, trial({ level: 1 }), false),
  row(
    'no jump, an end that is lower, although no lower than the spread',
    jump,
    jumped,
    trial({ level: 0.999 }),
    true,
  ),
  row('no jump, an end higher by less than half the spread', jump, jumped, trial({ level: 1.0099 }), false),
  row('no jump, an end higher by more', jump, jumped, trial({ level: 1.0101 }), false),
  row('a tenth of the jump', jump, jumped, trial({ level: 0.9 }, found('instability-at-start', 0.8)), true),
  row('more than a tenth', jump, jumped, trial({ level: 0.9 }, found('instability-at-start', 0.81)), false),
  row(
    'no jump, and an error that both have',
    jump,
    trial({ level: 1 }, jump, found('gradient-mismatch', 1, 'error')),
    trial({ level: 0.9 }, found('gradient-mismatch', 1, 'error')),
    true,
  ),
  row(
    'no jump, the same end of a run that stalls',
    jump,
    trial({ level: 1, ends: 'stalled' }, jump),
    trial({ level: 1, ends: 'stalled' }),
    false,
  ),
  row(
    'no jump, a lower end of a run that stalls',
    jump,
    trial({ level: 1, ends: 'stalled' }, jump),
    trial({ level: 0.9, ends: 'stalled' }),
    true,
  ),
  row(
    'no jump, the same end, with a better verdict',
    jump,
    trial({ level: 1, ends: 'stalled' }, jump),
    trial({ level: 1 }),
    false,
  ),
  row('a new error', jump, jumped, trial({ level: 0 }, divergence), false),
  row('a new plateau at a lower loss', jump, jumped, trial({ level: 0.5 }, plateau), true),
  row('a new plateau at the same loss', jump, jumped, trial({ level: 1 }, plateau), false),
  row('a plateau that is no warning', jump, jumped, trial({ level: 0.9 }, found('plateau', 1, 'info')), true),
  row(
    'no jump, where the baseline run failed',
    jump,
    trial({ level: Number.NaN, best: 4 }, jump),
    trial({ level: 9 }),
    true,
  ),
  row(
    'an end above the start, where the baseline run failed',
    jump,
    trial({ level: Number.NaN, best: 4 }, jump),
    trial({ level: 11 }),
    false,
  ),

  row('an end below the start, where the final loss is no number', plateau, lost, trial({ level: 9 }), true),
  row('an end at the start, where the final loss is no number', plateau, lost, trial({ level: 10 }), false),
  row('an end lower by more than half the spread', plateau, stands, trial({ level: 4.89, best: 4.8 }), true),
  row('an end lower by less', plateau, stands, trial({ level: 4.91, best: 4.8 }), false),
  row(
    'an end that is lower, without a lower loss',
    plateau,
    stands,
    trial({ level: 4.89, best: 4.9 }),
    false,
  ),
  row(
    'an end below the lowest tenth of a loss that oscillates over decades',
    plateau,
    trial({ level: 1e-3, best: 1e-13, spread: 0.01, low: 1e-9 }, plateau),
    trial({ level: 1e-12 }),
    true,
  ),
  row(
    'an end within the range of such a loss',
    plateau,
    trial({ level: 1e-3, best: 1e-13, spread: 0.01, low: 1e-9 }, plateau),
    trial({ level: 1e-8 }),
    false,
  ),
  row('a lower end that is unstable', plateau, stands, trial({ level: 1, ends: 'unstable' }), false),
  row('a lower end of a run that diverged', plateau, stands, trial({ level: 1, ends: 'diverged' }), false),
  row(
    'an end below the start that is unstable',
    divergence,
    diverged,
    trial({ level: 9, ends: 'unstable' }),
    false,
  ),
  row(
    'a lower end, still above the start',
    plateau,
    trial({ level: 12 }, plateau),
    trial({ level: 11 }),
    false,
  ),
  row(
    'an end before the lowest loss so far',
    overfitting,
    trial({ level: 5, best: 2 }, overfitting),
    trial({ level: 3, stopped: 'earlyStopping' }),
    false,
  ),
  row(
    'an end after the lowest loss so far',
    overfitting,
    trial({ level: 5, best: 2 }, overfitting),
    trial({ level: 2.1, best: 2, stopped: 'earlyStopping' }),
    true,
  ),
  row(
    'an expected loss that is lower by more than its noise',
    plateau,
    trial({ level: 5, expected: [4, 6, 5, 5] }, plateau),
    trial({ level: 4, expected: [3, 5.1, 4, 3.9] }),
    true,
  ),
  row(
    'an expected loss that is lower by less than its noise',
    plateau,
    trial({ level: 5, expected: [4, 6, 5, 5] }, plateau),
    trial({ level: 4, expected: [3, 6.5, 1.5, 5] }),
    false,
  ),
  row('a lower end with the same finding', plateau, stands, trial({ level: 1 }, plateau), true),
  row('a lower end with a jump', plateau, stands, trial({ level: 1 }, jump), false),
  row(
    'a lower end with a larger jump',
    plateau,
    trial({ level: 5 }, plateau, jump),
    trial({ level: 1 }, found('instability-at-start', 9)),
    false,
  ),
  row(
    'a lower end with the same jump',
    plateau,
    trial({ level: 5 }, plateau, jump),
    trial({ level: 1 }, jump),
    true,
  ),
  row(
    'a jump that was an info before',
    plateau,
    trial({ level: 5 }, plateau, found('instability-at-start', 8, 'info')),
    trial({ level: 1 }, jump),
    false,
  ),

  row(
    'a right gradient',
    found('gradient-mismatch', 1, 'error'),
    trial({ level: 1 }, found('gradient-mismatch', 1, 'error')),
    trial({ level: 1 }),
    true,
  ),
  row(
    'a right gradient and a higher end',
    found('gradient-mismatch', 1, 'error'),
    trial({ level: 1 }, found('gradient-mismatch', 1, 'error')),
    trial({ level: 2 }),
    true,
  ),
  row(
    'another wrong gradient',
    found('gradient-mismatch', 1, 'error'),
    trial({ level: 1 }, found('gradient-mismatch', 1, 'error')),
    trial({ level: 0 }, found('gradient-mismatch', 1, 'error')),
    false,
  ),
];

/** Cases that depend on the number of digits of the loss at the start. */
const atRounding: readonly Row[] = [
  row(
    'an end lower by the rounding of the start',
    plateau,
    trial({ level: 1e-29 }, plateau),
    trial({ level: 0 }),
    false,
  ),
  row('no jump, an end lower by rounding', jump, trial({ level: 1e-13 }, jump), trial({ level: 0 }), false),
  row('no jump, an end lower by more', jump, trial({ level: 1e-12 }, jump), trial({ level: 0 }), true),
];

const comparisonOf = ({ finding, baseline, trial }: Row, startLoss = 10): Comparison => ({
  target: findingTarget(finding),
  baseline,
  trial,
  startLoss,
});

describe('whether a fix helps', () => {
  it.each([...rows, ...atRounding])('$finding.code, $what: $helps', (each) => {
    expect(helps(comparisonOf(each))).toBe(each.helps);
  });

  it('does not count the loss of another start from where no step lowers it', () => {
    const stalls = (t: number) => {
      const each = trial({ level: 1, ends: 'stalled' });
      const { outcome } = each;
      const moved = { ...each, config: { ...config, start: [20] } };
      return { ...moved, outcome: { ...outcome, best: { ...outcome.best, t } } };
    };
    const refusal = (t: number) =>
      refusalOf({
        target: findingTarget(found('plateau')),
        baseline: trial({ level: 5, ends: 'stalled' }),
        trial: stalls(t),
        startLoss: 10,
      });
    expect(refusal(900)).toBeNull();
    expect(refusal(0)).toBe('gains-nothing');
  });

  it('reports the reason if it does not help', () => {
    const why = (what: string, code: DiagnosisCode) =>
      refusalOf(comparisonOf(rows.find((each) => each.what === what && each.finding.code === code)!));
    expect(why('an end at the start', 'divergence')).toBe('gains-nothing');
    expect(why('another divergence', 'divergence')).toBe('errs');
    expect(why('a loss that throws', 'divergence')).toBe('ends-early');
    expect(why('more than a tenth', 'instability-at-start')).toBe('stays');
    expect(why('no jump, an end higher by more', 'instability-at-start')).toBe('higher');
    expect(why('a new error', 'instability-at-start')).toBe('harms');
    expect(why('an end lower by less', 'plateau')).toBe('not-lower');
    expect(why('another wrong gradient', 'gradient-mismatch')).toBe('errs');
    expect(why('a right gradient', 'gradient-mismatch')).toBeNull();
  });

  it('reports the reasons in a sentence, the most frequent first', () => {
    expect(refusalSentence(['stays'])).toBe('The only fix tried does not help: the finding remains.');
    expect(refusalSentence(['higher', 'higher'])).toBe(
      'None of the 2 fixes tried helps: with both the final loss is higher than now.',
    );
    expect(refusalSentence(['harms', 'not-lower', 'not-lower'])).toBe(
      'None of the 3 fixes tried helps: with 2 the final loss is not lower than now, with 1 another problem appears or becomes worse.',
    );
    expect(refusalSentence(['errs', 'errs', 'errs'])).toBe(
      'None of the 3 fixes tried helps: with each an error remains.',
    );
  });

  const affine = (of: Trial, scale: number, shift: number): Trial => {
    const at = (loss: number) => scale * loss + shift;
    const { final, best } = of.outcome;
    const findings = of.findings.map((finding) => ({
      ...finding,
      evidence: { rise: scale * (finding.evidence.rise as number) },
    }));
    return {
      ...trial({
        level: at(of.level),
        best: at(best.loss),
        spread: scale * of.spread,
        low: at(of.low),
        highest: at(of.highest),
        stopped: of.outcome.stopped,
        ends: of.verdict.kind,
        expected: of.expected?.means.map(at) ?? null,
      }),
      outcome: {
        ...of.outcome,
        final: { ...final, loss: at(final.loss) },
        best: { ...best, loss: at(best.loss) },
      },
      findings,
    };
  };

  it('does not depend on the scale of the loss, nor on a shift that keeps its digits', () => {
    const powers = fc.integer({ min: -60, max: 60 }).map((power) => 2 ** power);
    const shifts = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...rows), powers, shifts, (each, scale, shift) => {
        const moved: Comparison = {
          target: findingTarget(affine(trial({ level: 0 }, each.finding), scale, 0).findings[0]!),
          baseline: affine(each.baseline, scale, scale * shift),
          trial: affine(each.trial, scale, scale * shift),
          startLoss: scale * 10 + scale * shift,
        };
        expect(helps(moved)).toBe(each.helps);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

it('a lower loss counts after an enormous start, unless the baseline run has converged', () => {
  const comparison = (ends: VerdictKind): Comparison => ({
    target: findingTarget(plateau),
    baseline: trial({ level: 8000, ends }, plateau),
    trial: trial({ level: 1e-5 }),
    startLoss: 1e23,
  });
  expect(helps(comparison('stalled'))).toBe(true);
  expect(helps(comparison('converged'))).toBe(false);
});

describe('the order of fixes that help', () => {
  const of = (finding: Finding, baseline: Trial, ...trials: Trial[]) =>
    trials.map((each, name) => ({
      name,
      comparison: { target: findingTarget(finding), baseline, trial: each, startLoss: 10 },
    }));
  const order = (all: ReturnType<typeof of>, count = 9) => ranked(all, { count }).map(({ name }) => name);

  it('is by their final losses, not by losses that they pass', () => {
    const trials = [trial({ level: 3, best: 0 }), trial({ level: 2 })];
    expect(order(of(plateau, stands, ...trials))).toEqual([1, 0]);
  });

  it('has those last that end above what a broken run had reached', () => {
    const lost = trial({ level: Number.NaN, best: 4, ends: 'broken' }, divergence);
    const trials = [trial({ level: 5 }), trial({ level: 3 }, plateau), trial({ level: 4.5 })];
    expect(order(of(divergence, lost, ...trials))).toEqual([1, 2, 0]);
    // A hundredth of the decrease from 10 to 4 is 0.06.
    const near = [trial({ level: 4.05 }), trial({ level: 4.04 }, plateau)];
    expect(order(of(divergence, lost, ...near))).toEqual([0, 1]);
    expect(order(of(divergence, lost, trial({ level: 4.07 }), near[1]!))).toEqual([1, 0]);
  });

  it('is by their final losses, with those without a warning or error first', () => {
    const trials = [
      trial({ level: 3 }),
      trial({ level: 1 }, plateau),
      trial({ level: 2 }, found('plateau', 1, 'info')),
    ];
    expect(order(of(divergence, diverged, ...trials))).toEqual([2, 0, 1]);
    // The lowest loss of all is not left out.
    expect(order(of(divergence, diverged, ...trials), 2)).toEqual([2, 1]);
  });

  it('is by their final losses after an enormous start, too, and by the change only among those that converge', () => {
    const of = (ends: VerdictKind) =>
      [2, 0.5, 0.05].map((level, name) => ({
        name,
        comparison: {
          target: findingTarget(plateau),
          baseline: trial({ level: 1e12 }),
          trial: trial({ level, ends }),
          startLoss: 1e23,
        },
      }));
    const names = (all: ReturnType<typeof of>) =>
      ranked(all, { count: 3, sizeOfChange: ({ name }) => name }).map(({ name }) => name);
    expect(names(of('stalled'))).toEqual([2, 1, 0]);
    expect(names(of('converged'))).toEqual([0, 1, 2]);
  });

  it('omits fixes with less than a tenth of the largest improvement, from the start or over the previous best', () => {
    const trials = [trial({ level: 9.1 }), trial({ level: 0 }), trial({ level: 9 })];
    expect(order(of(divergence, diverged, ...trials))).toEqual([1, 2]);
    const lower = [trial({ level: 4.5 }), trial({ level: 0 }), trial({ level: 4.51 })];
    expect(order(of(plateau, stands, ...lower))).toEqual([1, 0]);
    expect(order(of(jump, jumped, trial({ level: 0 }), trial({ level: 0.99 })))).toEqual([0, 1]);
  });

  it('has those last that need an exact learning rate, and does not measure the others by their gain', () => {
    const all = of(plateau, stands, trial({ level: 0 }), trial({ level: 4.7 }), trial({ level: 4.6 }));
    const isolated = all.map(({ name, comparison }) => ({
      name,
      comparison: { ...comparison, isIsolated: name === 0 },
    }));
    expect(order(all)).toEqual([0]);
    expect(order(isolated)).toEqual([2, 1, 0]);
  });

  it('keeps the best wanted fix, and the first of two that are alike', () => {
    const all = of(plateau, stands, ...[1, 2, 3, 4].map((level) => trial({ level })));
    const names = (ranking: Partial<Ranking<(typeof all)[number]>>) =>
      ranked(all, { count: 3, ...ranking }).map(({ name }) => name);
    expect(names({})).toEqual([0, 1, 2]);
    expect(names({ isWanted: ({ name }) => name === 3 })).toEqual([0, 1, 3]);
    expect(names({ areAlike: (one, other) => one.name + other.name === 1 })).toEqual([0, 2, 3]);
  });

  it('keeps a fix that stays at its low loss, although the baseline run ended far above the start', () => {
    const left = trial({ level: 1e18, best: 8, spread: 1e17, low: 9e17 });
    const target = findingTarget(plateau);
    const [low, high] = [trial({ level: 6.5 }), trial({ level: 1e16, best: 8 })].map((each) => ({
      comparison: { target, baseline: left, trial: each, startLoss: 8 },
    })) as [{ comparison: Comparison }, { comparison: Comparison }];
    expect(ranked([high, low], { count: 3 })[0]).toBe(low);
  });
});

describe('the same finding in the baseline run', () => {
  it('is the one with the same code that starts at the nearest step', () => {
    const baseline = trial(
      { level: 1 },
      found('plateau', 1, 'warning', 100),
      jump,
      found('plateau', 2, 'warning', 700),
    );
    const stepOf = (finding: Finding) => {
      const same = counterpart(baseline, findingTarget(finding));
      return same?.kind === 'finding' ? same.finding.steps[0] : null;
    };
    expect(stepOf(found('plateau', 1, 'warning', 600))).toBe(700);
    expect(stepOf(found('plateau', 1, 'warning', 2))).toBe(100);
    expect(stepOf(divergence)).toBeNull();
  });
});

describe('what a fix reaches, in words', () => {
  const words = (numbers: Numbers) =>
    fixWords('lr 0.1', {
      target: findingTarget(plateau),
      baseline: trial({ level: 5 }, plateau),
      trial: trial(numbers),
      startLoss: 10,
    });

  it('is the final loss and the number of steps', () => {
    expect(words({ level: 1.05, best: 1 })).toMatchObject({ reached: '1.05', t: 1000, loss: 'loss' });
  });

  it('is the expected loss, where the loss differs from step to step', () => {
    expect(words({ level: 1.05, expected: [1, 3] })).toMatchObject({
      reached: 'about 2',
      loss: 'expected loss',
    });
  });

  it.for([
    [[1.5, 1.6, 1.5, 1.67], 'about 1.57', 'about 5'],
    [[1.2, 1.9, 1.5, 1.67], 'about 1.6', 'about 5'],
    [[2, 2, 2, 2], '2', '5'],
    // 4.9 and 5 are distinguished by one more digit: both are estimated with the same draws.
    [[3.9, 5.9, 3.9, 5.9], 'about 4.9', 'about 5'],
  ] as const)('is no more exact than its standard error: %j', ([expected, reached, now]) => {
    const found = words({ level: 1, expected });
    expect(found.reached).toBe(reached);
    expect(found.now).toMatch(new RegExp(`^[a-z ]* ${now}$`));
  });

  it('is the mean loss of the last steps, where the loss depends on the step without random numbers', () => {
    expect(words({ level: 1.05, expected: [1, 3], isRandom: false })).toMatchObject({
      reached: '2',
      loss: 'mean loss (last 48 steps)',
    });
  });

  it('says that a broken run was lower before, if the fix ends above that', () => {
    const lost = trial(
      { level: Number.NaN, best: 4, ends: 'broken' },
      found('non-finite-loss', 1, 'error', 16),
    );
    const { findings } = lost;
    const now = (level: number) =>
      fixWords('lr 0.1', {
        target: findingTarget({ ...findings[0]!, evidence: { loss: 'NaN' } }),
        baseline: lost,
        trial: trial({ level }),
        startLoss: 10,
      }).now;
    expect(now(3)).toBe('loss NaN at step 16');
    expect(now(5)).toBe('loss NaN at step 16, after a lower loss of 4 at t = 900');
  });

  it('says that later steps were not tried, where another configuration may only postpone the end', () => {
    const limitFor = (finding: Finding, isIsolated: boolean) =>
      limitOf(lrFix(config, 0.1), {
        target: findingTarget(finding),
        baseline: trial({ level: 5 }),
        trial: trial({ level: 1 }),
        startLoss: 10,
        isIsolated,
      });
    const broken = found('non-finite-loss', 1, 'error');
    const isolated = 'at this value only: lr 0.8x and 1.25x do not reach it';
    expect(limitFor(broken, false)).toBe('later steps not tried');
    expect(limitFor(divergence, false)).toBeUndefined();
    expect(limitFor(plateau, true)).toBe(isolated);
    expect(limitFor(broken, true)).toBe(`later steps not tried; ${isolated}`);
    const reached = { label: 'lr 0.1', loss: 'loss', reached: '3', t: 800, now: 'loss NaN at step 16' };
    expect(outcomeSentence({ ...reached, limit: 'later steps not tried' })).toBe(
      'reaches loss 3 in 800 steps (later steps not tried); now: loss NaN at step 16',
    );
  });

  it('compares validation losses with validation losses', () => {
    const validated = { ...config, validation: 'heldOut' };
    const of = (level: number, final: number): Trial => {
      const each = trial({ level, best: level });
      const { outcome } = each;
      return {
        ...each,
        config: validated,
        findings: [plateau],
        lastWatched: level,
        outcome: { ...outcome, final: { ...outcome.final, loss: final } },
      };
    };
    const { reached, now, loss } = fixWords('lr 0.1', {
      target: findingTarget(found('edge-of-stability')),
      baseline: of(5, 0.5),
      trial: of(4, 0.4),
      startLoss: 10,
    });
    expect(reached).toBe('4');
    expect(loss).toBe('validation loss');
    expect(now).toMatch(/ends at 5$/);
  });
});
