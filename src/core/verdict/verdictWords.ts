import { hasDecreased, leftOf, type RunEnd } from '../ending/runEnd';
import { formatNumber } from '../numerics/format';
import type { RunOutcome } from '../runLoop';
import type { Verdict, VerdictKind } from './verdict';

/** What a verdict is about. */
export interface JudgedRun {
  readonly end: RunEnd;
  readonly outcome: RunOutcome;
  /** Whether the run ended at a saddle point. */
  readonly isAtSaddle: boolean;
}

type Words = Pick<Verdict, 'headline' | 'detail'>;

/** The verdict of a kind, with its headline, detail and evidence. */
export function verdictInWords(kind: VerdictKind, run: JudgedRun): Verdict {
  const { end } = run;
  const { tail, polished, saturation } = end;
  return {
    kind,
    ...words[kind](run),
    certainty: certaintyOf(kind, end),
    evidence: {
      startLoss: end.startLoss,
      bestLoss: end.leastLoss,
      finalLoss: end.finalLoss,
      gradientShare: end.gradientShare,
      ...(saturation ? { saturation: saturation.kind } : {}),
      ...(tail ? { fallPerStep: tail.fallPerStep } : {}),
      ...(polished ? { polishedLoss: polished.loss, polishEvaluations: polished.evaluations } : {}),
    },
    fixes: [],
  };
}

const words: { readonly [K in VerdictKind]: (run: JudgedRun) => Words } = {
  converged: (run) => ({
    headline: `Converged: the loss is ${formatNumber(run.end.finalLoss)} after ${stepsInWords(run.end.steps)}.`,
    detail: evidenceSentences(run),
  }),

  'still-improving': (run) => ({
    headline: run.end.tail?.isFalling
      ? `Not finished: the loss still decreases by ${rateInWords(run.end)} per step.`
      : 'Not finished: the loss was still decreasing when the run ended.',
    detail: evidenceSentences(run),
  }),

  stalled: (run) => ({
    headline: stalledHeadline(run),
    detail: evidenceSentences(run),
  }),

  unstable: (run) => {
    const { finalLoss, leastLoss } = run.end;
    const isAbove = finalLoss > leastLoss;
    return {
      headline: isAbove
        ? `Unstable: the loss ended at ${formatNumber(finalLoss)}, above its lowest value ${formatNumber(leastLoss)}.`
        : `Unstable: the parameters oscillate while the loss is ${formatNumber(finalLoss)}.`,
      detail: evidenceSentences(run),
    };
  },

  diverged: ({ end: { startLoss, finalLoss }, outcome }) => ({
    headline: Number.isFinite(finalLoss)
      ? `Diverged: the loss grew from ${formatNumber(startLoss)} to ${formatNumber(finalLoss)}.`
      : `Diverged: the loss grew from ${formatNumber(startLoss)} until the numbers overflowed.`,
    detail: `The lowest loss was ${formatNumber(outcome.best.loss)} at t = ${outcome.best.t}.`,
  }),

  broken: ({ end: { stopped, steps, finalLoss, leastLoss }, outcome }) => ({
    headline:
      stopped === 'error'
        ? `Broken: the loss threw an error at step ${steps + 1}.`
        : Number.isFinite(finalLoss)
          ? stopped === 'nonFinite'
            ? `Broken: a parameter is not finite after step ${steps}.`
            : 'Broken: the loss or its gradient was not finite during the run.'
          : `Broken: the loss is ${formatNumber(finalLoss)} after ${stepsInWords(steps)}.`,
    detail: Number.isFinite(leastLoss)
      ? `The lowest loss was ${formatNumber(outcome.best.loss)} at t = ${outcome.best.t}.`
      : 'No loss of the run was finite.',
  }),

  unbounded: ({ end: { finalLoss, steps } }) => ({
    headline: `Unbounded: the loss decreases without a lower bound, to ${formatNumber(finalLoss)} so far.`,
    detail: `After ${stepsInWords(steps)} it still decreases, and there is no minimum to reach.`,
  }),
};

function stepsInWords(steps: number): string {
  return `${steps} ${steps === 1 ? 'step' : 'steps'}`;
}

function stalledHeadline({ end, isAtSaddle }: JudgedRun): string {
  if (end.saturation !== null)
    return `Stalled: the loss stays at ${formatNumber(end.finalLoss)}, because expressions in it are saturated.`;
  if (isAtSaddle) return `Stalled: the run ended at a saddle point with loss ${formatNumber(end.finalLoss)}.`;
  if (!hasDecreased(end)) return 'Stalled: the loss has not decreased since the start.';
  return `Stalled: the loss stopped decreasing at ${formatNumber(end.finalLoss)}, which is not a minimum.`;
}

/** "0.0077 (0.05 %)": the percentage only where the loss is positive. */
function rateInWords({ tail, startLoss, finalLoss }: RunEnd): string {
  const rate = tail!.fallPerStep;
  const share = startLoss > 0 && finalLoss > 0 ? ` (${formatNumber((100 * rate) / finalLoss, 2)} %)` : '';
  return `${formatNumber(rate, 2)}${share}`;
}

function evidenceSentences(run: JudgedRun): string {
  return `${decreaseSentence(run)} ${polishSentence(run) ?? gradientSentence(run)}`;
}

function decreaseSentence({ end: { startLoss, leastLoss, finalLoss } }: JudgedRun): string {
  const lowest = leastLoss < finalLoss ? `, with a lowest value of ${formatNumber(leastLoss)}` : '';
  return `The loss went from ${formatNumber(startLoss)} to ${formatNumber(finalLoss)}${lowest}.`;
}

/** What a polish reaches from the last point; null without a polish. */
function polishSentence({ end }: JudgedRun): string | null {
  const { polished } = end;
  if (polished === null) return null;
  const { evaluations } = polished;
  const by = `A local search from the last point (${evaluations} ${evaluations === 1 ? 'evaluation' : 'evaluations'})`;
  const left = leftOf(end);
  if (left === 0) return `${by} finds no lower loss.`;
  const lowered = formatNumber(polished.loss);
  // Where both round to the same digits, only the difference says something.
  return lowered === formatNumber(end.finalLoss)
    ? `${by} lowers it by ${formatNumber(left, 2)}.`
    : `${by} lowers it to ${lowered}.`;
}

function gradientSentence({ end: { gradientShare }, outcome: { final } }: JudgedRun): string {
  if (final.gradNorm === 0) return 'The gradient is 0 at the last point.';
  return `The gradient norm is ${formatNumber(final.gradNorm)}, ${formatNumber(gradientShare)} of its largest value.`;
}

/**
 * (r + 1)/(n + 2), rounded, where r of n labelled runs with a verdict of this kind got the right one; `broken` is a fact.
 * `docs/diagnosis-quality.md` has the table.
 */
const certainties: { readonly [K in VerdictKind]: number } = {
  converged: 0.97,
  'still-improving': 0.97,
  stalled: 0.9,
  unstable: 0.85,
  diverged: 0.95,
  broken: 1,
  unbounded: 0.9,
};
/** At most, where no local search could be made from the last point. */
const withoutSearch = 0.7;
/** These follow from the losses of the run alone. */
const needsNoSearch: readonly VerdictKind[] = ['diverged', 'broken'];

/** Calibrated on the labelled runs. */
function certaintyOf(kind: VerdictKind, { polished }: RunEnd): number {
  const certainty = certainties[kind];
  return polished || needsNoSearch.includes(kind) ? certainty : Math.min(certainty, withoutSearch);
}
