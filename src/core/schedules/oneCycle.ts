import { above, atLeast, choice, flag, fromBelow, integer, number, within } from '../config/optionSpecs';
import type { ScheduleDefinition } from './schedule';

const oneCycleOptions = {
  maxLr: number('lr', atLeast(0), 'The learning rate at the peak. The optimizer’s own lr is not used.'),
  totalSteps: integer('steps', atLeast(1), 'Number of steps of the cycle. A run must not have more.'),
  pctStart: number(0.3, within(0, 1), 'Share of the cycle during which lr grows.'),
  annealStrategy: choice(
    ['cos', 'linear'],
    'Interpolation between two values: half a cosine or a straight line.',
  ),
  divFactor: number(25, above(0), 'The first learning rate is maxLr/divFactor.'),
  finalDivFactor: number(1e4, above(0), 'The last learning rate is the first one divided by finalDivFactor.'),
  cycleMomentum: flag(true, 'Whether beta1 or momentum changes in the opposite direction.'),
  baseMomentum: number(0.85, fromBelow(0, 1), 'beta1 or momentum when lr is at its peak.'),
  maxMomentum: number(0.95, fromBelow(0, 1), 'beta1 or momentum at both ends of the cycle.'),
} as const;

/** Interpolates from `start` at part 0 to `end` at part 1. */
type Anneal = (start: number, end: number, part: number) => number;

const anneals: { readonly [strategy in 'cos' | 'linear']: Anneal } = {
  cos: (start, end, part) => end + ((start - end) / 2) * (Math.cos(Math.PI * part) + 1),
  linear: (start, end, part) => (end - start) * part + start,
};

/**
 * One cycle of lr up and down, with momentum down and up. Smith & Topin, arXiv:1708.07120, in the two phases
 * of torch.optim.lr_scheduler.OneCycleLR with three_phase=False.
 *
 *   peak  = pctStart totalSteps − 1          an index, not always an integer
 *   part  = (t − 1)/peak                                             for t − 1 ≤ peak
 *         = (t − 1 − peak)/(totalSteps − 1 − peak)                   after it
 *   lr(t) = anneal(maxLr/divFactor → maxLr)(part)                     for t − 1 ≤ peak
 *         = anneal(maxLr → maxLr/divFactor/finalDivFactor)(part)      after it
 *   beta(t) = anneal(maxMomentum → baseMomentum)(part), then anneal(baseMomentum → maxMomentum)(part)
 *
 * Differences from the paper, as in torch: the default curve is half a cosine, and the second phase lowers lr
 * to far below its start, for which the paper has a third phase.
 *
 * Differences from torch: maxLr and totalSteps have defaults. If pctStart totalSteps is 1, the growing phase
 * has no length; torch divides 0 by 0, and here the first step is at the peak. More steps than totalSteps are
 * refused before the run; torch throws during the run.
 */
export const oneCycle: ScheduleDefinition<typeof oneCycleOptions> = {
  title: 'One cycle',
  doc: 'Grows from maxLr/divFactor to maxLr, then falls far below its start; beta1 or momentum changes in the opposite direction.',
  options: oneCycleOptions,
  conflict: (options, length) => {
    const { totalSteps } = options;
    if (length <= totalSteps) return null;
    const counted =
      (options as { readonly unit?: unknown }).unit === 'epoch' ? 'the epochs of the run' : 'steps';
    return {
      option: 'totalSteps',
      message: `totalSteps must be at least ${counted} (${length}), got ${totalSteps}`,
    };
  },
  cycles: ({ cycleMomentum }) => cycleMomentum,
  create: ({
    maxLr,
    totalSteps,
    pctStart,
    annealStrategy,
    divFactor,
    finalDivFactor,
    cycleMomentum,
    baseMomentum,
    maxMomentum,
  }) => {
    const anneal = anneals[annealStrategy];
    const firstLr = maxLr / divFactor;
    const lastLr = firstLr / finalDivFactor;
    const peak = pctStart * totalSteps - 1;
    const cycle = (index: number, first: number, atPeak: number, last: number) => {
      if (index > peak) return anneal(atPeak, last, (index - peak) / (totalSteps - 1 - peak));
      return peak === 0 ? atPeak : anneal(first, atPeak, index / peak);
    };
    const lr = (index: number) => cycle(index, firstLr, maxLr, lastLr);
    if (!cycleMomentum) return { lr };
    return { lr, beta: (index) => cycle(index, maxMomentum, baseMomentum, maxMomentum) };
  },
};
