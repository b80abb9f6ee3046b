import { baseLr, isAdaptive, numberOption } from '../../../config/readOptions';
import type { RunConfig } from '../../../config/runConfig';
import { maxAbs } from '../../../numerics/norms';
import type { StepView } from '../../../update';
import type { Report } from '../../board';
import type { Fix, Subject } from '../../finding';
import { batchFix, cosineFix, epsFix, lrFix, momentumFix, noScheduleFix, startFix } from '../../fixes';
import type { RuleContext } from '../../rule';
import { lrOption, option } from '../../subjects';
import type { LossTerms } from '../../terms/lossTerms';
import { floorToDigit, inWords, leading, namesInWords, roundToDigit } from '../../words';
import type { Slow } from './slowTravel';

/** Why a loss stands still. */
export type PlateauClass =
  | 'converged'
  | 'saddle'
  | 'noise-floor'
  | 'flat-valley'
  | 'eps-stall'
  | 'lr-too-small';

/** A longer start is no annotation. */
const startLengthAtMost = 16;

/** What was seen when the window ended. */
export interface PlateauSight {
  readonly from: number;
  readonly step: StepView;
  /** P. */
  readonly window: number;
  /** Σ abs(g Δ) over the window. */
  readonly work: number;
  /** Mann & Kendall's statistic of the window. */
  readonly trend: number;
  /** The coordinate of largest abs(g · net). */
  readonly leader: number;
  readonly epsShare: number;
  readonly eps: number;
  /** Whether eps, not the gradient's own size, is what divides the leading coordinate's gradient. */
  readonly isHeldByEps: boolean;
  readonly slow: Slow | null;
}

interface Story {
  readonly why: string;
  readonly fixes: readonly Fix[];
  readonly coordinates: readonly number[];
  readonly subject: Subject | null;
}

const stories: {
  readonly [C in PlateauClass]: (context: RuleContext, sight: PlateauSight) => Story;
} = {
  converged: ({ terms }, { work }) => ({
    why:
      terms.improvement > terms.floor
        ? ` What the steps still do is worth ${inWords(work)} a window, against ${inWords(terms.improvement)} won ` +
          'since the start: the run has converged.'
        : ' The gradient is as good as zero and the loss never fell below its start: the start is a stationary ' +
          'point, or the loss does not depend on the parameters there.',
    fixes: [],
    coordinates: [],
    subject: null,
  }),

  saddle: (context, { step }) => {
    const { nameOf } = context;
    const { smallest, largest, flattest } = context.sample()!;
    const coordinates = leading(flattest);
    return {
      why:
        ` The gradient is as good as zero, but this is no minimum: along ${namesInWords(nameOf, coordinates)} the loss ` +
        `curves down (eigenvalues of P⁻¹H from ${inWords(smallest)} to ${inWords(largest)}). It is a saddle, and the run ` +
        'leaves it only where something pushes it off.',
      fixes: saddleFixes(step, flattest),
      coordinates,
      subject: option('start'),
    };
  },

  'noise-floor': ({ config, terms }) => ({
    why:
      config.samples === null
        ? ` The loss is another one from step to step, by more (${inWords(terms.spread)} between quartiles) than a window ` +
          'of steps gains: at this learning rate its noise holds it up.'
        : ` The batches disagree by more (${inWords(terms.spread)} between quartiles) than a window of steps gains: at ` +
          'this learning rate and batch size the noise of the batches holds the loss up.',
    fixes: noiseFloorFixes(config),
    coordinates: [],
    subject: lrOption(config),
  }),

  'flat-valley': ({ config, terms }, { work }) => {
    const fixes = [lrFix(config, tenth(baseLr(config))), cosineFix(config)];
    if (numberOption(config.optimizer, 'momentum') === 0) fixes.push(momentumFix(0.9));
    return {
      why:
        ` The parameters keep moving (steps worth ${inWords(work)} a window, against ${inWords(terms.improvement)} won ` +
        'since the start), but what one step gains another loses: they bounce across a valley instead of going along it.',
      fixes,
      coordinates: [],
      subject: lrOption(config),
    };
  },

  'eps-stall': ({ nameOf }, { leader, eps, epsShare }) => {
    const root = Math.max(eps / epsShare - eps, Number.MIN_VALUE);
    const smaller = Math.max(floorToDigit(root / 1000), 1e-300);
    return {
      why:
        ` eps (${inWords(eps)}) is larger than √vHat of ${nameOf(leader)} (${inWords(root)}), so its ` +
        `steps are only ${inWords(1 - epsShare)} of what lr allows. The loss is small in scale, not near its optimum.`,
      fixes: [epsFix(smaller)],
      coordinates: [leader],
      subject: option('optimizer', 'eps'),
    };
  },

  'lr-too-small': (context, { step, slow, leader }) => {
    const { config, nameOf } = context;
    const name = nameOf(leader);
    const forecast = slow
      ? ` Going straight ahead, ${name} will have made ${inWords(100 * slow.reach)} % of what its gradient says is left ` +
        `by step ${config.steps}:`
      : '';
    if (slow && config.schedule && slow.lrLeft < 0.1 * baseLr(config))
      return {
        why:
          `${forecast} lr has fallen too early. The schedule leaves ${inWords(slow.lrLeft)} a step for the rest of the run, of ` +
          `${inWords(baseLr(config))} that was set.`,
        fixes: [noScheduleFix(), cosineFix(config)],
        coordinates: [leader],
        subject: option('schedule'),
      };
    return {
      why: `${forecast} lr (${inWords(step.lr)}) is too small for this distance.`,
      fixes: slow ? largerLrFixes(context, slow) : [],
      coordinates: [leader],
      subject: lrOption(config),
    };
  },
};

/** Moves the start off the saddle, to either side along the direction in which the loss curves down. */
function saddleFixes({ before }: StepView, direction: Float64Array): readonly Fix[] {
  if (before.length > startLengthAtMost) return [];
  const way = 0.1 * Math.max(1, maxAbs(before));
  return [way, -way].map((by) =>
    startFix([...before].map((theta, i) => Number((theta + by * direction[i]!).toPrecision(3)))),
  );
}

/** To swing across a kink costs half of what a step is worth, across a bowl a quarter: at most R/1000 here. */
function isSwingingAtRest(kind: PlateauClass, { work, window }: PlateauSight, terms: LossTerms): boolean {
  return kind === 'flat-valley' && work / window <= terms.improvement / 500;
}

/** The finding for a plateau of a class. */
export function plateauReport(kind: PlateauClass, context: RuleContext, sight: PlateauSight): Report {
  const { terms } = context;
  const { why, fixes, coordinates, subject } = stories[kind](context, sight);
  const { from, step, work, trend, window, slow } = sight;
  const what =
    kind === 'lr-too-small' || (kind === 'eps-stall' && slow)
      ? `The loss is falling too slowly to arrive: ${inWords(terms.loss)} at step ${step.t}.`
      : `The loss has stopped improving since step ${from}, at ${inWords(terms.loss)}.`;
  return {
    code: 'plateau',
    severity:
      kind === 'converged' || kind === 'noise-floor' || isSwingingAtRest(kind, sight, terms)
        ? 'info'
        : 'warning',
    message: what + why,
    steps: [from, step.t],
    coordinates,
    subject,
    evidence: {
      class: kind,
      loss: terms.loss,
      improvement: terms.improvement,
      work,
      trend,
      window,
      lr: step.lr,
      ...(kind === 'eps-stall' ? { epsShare: sight.epsShare } : {}),
      ...(slow ? { reach: slow.reach, distance: slow.distance } : {}),
    },
    fixes: fixes.slice(0, 3),
  };
}

/**
 * A noise floor above the start. The comparison is between losses over all samples, which have no batch noise, and
 * only the outcome has them.
 */
export function neverImproved(report: Report, startLoss: number, finalLoss: number): Report {
  return {
    ...report,
    severity: 'warning',
    message:
      `No epoch ended below the loss of the start, ${inWords(startLoss)} over all samples; at the end it is ` +
      `${inWords(finalLoss)}. The steps are too long for the batches to agree on a direction.`,
    evidence: { ...report.evidence, class: 'flat-valley', startLoss, finalLoss },
    fixes: report.fixes.toReversed(),
  };
}

function tenth(lr: number): number {
  return roundToDigit(lr / 10);
}

/** Decay averages over more batches as lr falls; larger batches have less noise; a smaller lr does both, slowly. */
function noiseFloorFixes(config: RunConfig): readonly Fix[] {
  const { batch, samples } = config;
  const fixes = [cosineFix(config)];
  if (batch !== null && samples !== null && batch < samples)
    fixes.push(batchFix(Math.min(samples, 4 * batch), config));
  fixes.push(lrFix(config, tenth(baseLr(config))));
  return fixes;
}

/**
 * Learning rates that arrive. A bounded step of lr covers `distance` in half the run at lr = 2·distance/N; gradient
 * descent gets half its stability limit. Neither trusts the extrapolation beyond a factor of 1000.
 */
function largerLrFixes({ config, curvature }: RuleContext, { distance }: Slow): readonly Fix[] {
  const lr = baseLr(config);
  if (!(lr > 0)) return [];
  const wanted = isAdaptive(config) ? (2 * distance) / config.steps : 1 / curvature();
  const capped = Math.min(Number.isNaN(wanted) ? 10 * lr : wanted, 1000 * lr);
  const best = floorToDigit(Math.max(capped, 3 * lr));
  const ten = roundToDigit(10 * lr);
  return best === ten ? [lrFix(config, ten)] : [lrFix(config, best), lrFix(config, ten)];
}
