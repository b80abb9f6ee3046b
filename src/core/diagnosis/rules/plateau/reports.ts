import { hasMiniBatches } from '../../../batches';
import { baseLr, isAdaptive, numberOption } from '../../../config/readOptions';
import type { RunConfig } from '../../../config/runConfig';
import type { BesideEnd } from '../../../ending/heldBack';
import { parameterGroupsOf } from '../../../groups';
import { laggingCorrelation } from '../../../laggingGradients';
import type { LossWords } from '../../../lossWords';
import { formatNumber } from '../../../numerics/format';
import { maxAbs } from '../../../numerics/norms';
import type { RunOutcome } from '../../../runLoop';
import type { StepView } from '../../../update';
import type { FindingReport, Fix, Subject } from '../../finding';
import {
  batchFix,
  cosineFix,
  epsFix,
  lrFix,
  momentumFix,
  noScheduleFix,
  smallerWeightDecayFixes,
  startFix,
} from '../../fixes';
import { configOfGroup, reportOfGroup } from '../../groupReports';
import type { StabilitySample } from '../../probes/stabilityGauge';
import type { RuleContext } from '../../rule';
import { lrOption, option } from '../../subjects';
import type { LossTerms } from '../../terms/lossTerms';
import { isShort } from '../../terms/shortRun';
import { anyOf, epsAdvice, floorToDigit, leading, namesInWords, roundToDigit, smallerEps } from '../../words';
import { type Slow, timesAsMany } from './slowTravel';
import type { LossRange } from './windowLosses';

/** The cause of a plateau. */
export type PlateauClass =
  | 'converged'
  | 'saddle'
  | 'noise-floor'
  | 'flat-valley'
  | 'eps-stall'
  | 'lr-too-small';

/** Steps of less than this share of lr are short because v is large, not because lr is small. */
const stale = 0.5;

/** A start with more coordinates is too long for an annotation. */
const startLengthAtMost = 16;

/** The measurements at the end of a window. */
export interface PlateauReading {
  /** The first step of the plateau. */
  readonly from: number;
  /** The last step of the window. */
  readonly until: number;
  readonly step: StepView;
  /** Whether the plateau ended with the window, because the loss fell again. */
  readonly isOver: boolean;
  /** The lowest and the highest loss of a step since `from`. */
  readonly range: LossRange;
  /** That of the losses of the steps of the window. */
  readonly interquartileRange: number;
  /** See `GradientAgreement`; NaN with mini-batches, or if the loss function does not change. */
  readonly agreement: number;
  /** P, the number of steps of the window. */
  readonly window: number;
  /** Σ abs(g Δ) over the window, and that of a usual step times P: see `Travel`. */
  readonly total: number;
  readonly work: number;
  /** Whether the parameters move back and forth: the distances of the coordinates are less than half of their paths. */
  readonly isBackAndForth: boolean;
  /** The Mann-Kendall statistic of the window. */
  readonly trend: number;
  /** The coordinate with the largest abs(g · net). */
  readonly leader: number;
  readonly epsShare: number;
  readonly eps: number;
  /** Whether eps, not the size of the gradient, determines the step size of the leading coordinate. */
  readonly isHeldByEps: boolean;
  /** The curvature at that time; null if it is not known. */
  readonly sample: StabilitySample | null;
  readonly slow: Slow | null;
  /** What a local search over all samples still gains, where that is almost nothing; absent otherwise. */
  readonly left?: number;
}

interface Story {
  readonly headline: string;
  /** The part of the detail after the level of the loss: at most two sentences. */
  readonly why: string;
  readonly advice: string;
  readonly fixes: readonly Fix[];
  readonly coordinates: readonly number[];
  readonly subject: Subject | null;
}

const stories: {
  readonly [C in PlateauClass]: (context: RuleContext, sight: PlateauReading) => Story;
} = {
  converged: ({ terms, words }, sight) => {
    const hasImproved = terms.improvement > terms.floor;
    return {
      headline: hasImproved
        ? words.say`The run has converged: the loss has stopped improving.`
        : words.say`The loss has not improved since the start.`,
      why: hasImproved
        ? firstOrderSentence(sight, terms, words)
        : words.say`The gradient is close to zero: the start is a stationary point, or the loss does not depend on the parameters there.`,
      advice: hasImproved
        ? words.say`Nothing to do. Other minima were not searched for.`
        : words.say`Choose another start, unless this one is the minimum.`,
      fixes: [],
      coordinates: [],
      subject: null,
    };
  },

  saddle: (context, sight) => {
    const { step } = sight;
    const { nameOf, words } = context;
    const { smallest, largest, isWhole, flattest } = sight.sample!;
    const coordinates = leading(flattest);
    const place = isWhole && largest <= 0 ? words.say`maximum` : 'saddle point';
    return {
      headline: `${stopped(sight, words)} at a ${place}.`,
      why:
        words.say`The gradient is close to zero, but along ${coordinates.length > 1 ? 'a combination of ' : ''}${namesInWords(nameOf, coordinates)} the loss curves downward. ` +
        words.say`The smallest eigenvalue of the preconditioned Hessian is ${words.value(smallest)}.`,
      advice: `Start slightly to one side of the ${place}.`,
      fixes: saddleFixes(step.before, flattest),
      coordinates,
      subject: option('start'),
    };
  },

  'noise-floor': (context, sight) => {
    if (sight.left !== undefined) return withinNoiseStory(context, sight.left);
    return context.config.samples === null
      ? changingLossStory(context, sight)
      : batchNoiseStory(context, sight);
  },

  'flat-valley': ({ config, terms, words }, sight) => {
    const hasDecay = (numberOption(config.optimizer, 'weightDecay') ?? 0) > 0;
    const why = `${firstOrderSentence(sight, terms, words)} These changes cancel`;
    const headline = `${stopped(sight, words)}, although the parameters keep moving.`;
    if (!sight.isBackAndForth && hasDecay)
      return {
        headline,
        why: `${why}.`,
        advice: 'Decrease weightDecay.',
        fixes: smallerWeightDecayFixes(config),
        coordinates: [],
        subject: option('optimizer', 'weightDecay'),
      };
    const fixes = [lrFix(config, tenth(baseLr(config))), cosineFix(config)];
    const hasNoMomentum = numberOption(config.optimizer, 'momentum') === 0;
    if (hasNoMomentum) fixes.push(momentumFix(0.9));
    return {
      headline,
      why: `${why}${sight.isBackAndForth ? ': the parameters oscillate' : ''}.`,
      advice: anyOf('decrease lr', 'decay it', hasNoMomentum && 'add momentum'),
      fixes,
      coordinates: [],
      subject: lrOption(config),
    };
  },

  'eps-stall': ({ nameOf, moves, terms, words }, sight) => {
    const { leader, eps, epsShare, slow, until } = sight;
    const root = Math.max(eps / epsShare - eps, Number.MIN_VALUE);
    const smaller = smallerEps(root);
    return {
      headline:
        terms.improvement <= terms.floor
          ? words.say`The loss has not improved since the start because eps limits the step size.`
          : slow
            ? words.say`The loss decreases too slowly because eps limits the step size.`
            : `${stopped(sight, words)} because eps limits the step size.`,
      why:
        `At step ${until}, eps = ${formatNumber(eps)} is larger than sqrt(vHat) = ${formatNumber(root)}: it shortens the steps of ` +
        `${nameOf(leader)} to ${formatNumber(100 * (1 - epsShare))} % of their length. The size of its gradient was at most ` +
        `${formatNumber(moves.peakGrad[leader]!)}.`,
      advice: epsAdvice(smaller, eps, words),
      fixes: [epsFix(smaller)],
      coordinates: [leader],
      subject: option('optimizer', 'eps'),
    };
  },

  'lr-too-small': (context, { step, slow, leader }) => {
    const { config, nameOf, words } = context;
    const headline = words.say`The loss decreases too slowly to converge within this run.`;
    const forecast = slow
      ? `At this rate, the gradient of ${nameOf(leader)} would change by only ${formatNumber(100 * slow.reach)} % ` +
        words.say`by step ${config.steps}, and at a minimum it is 0. `
      : '';
    if (slow && config.schedule && slow.lrLeft < 0.1 * baseLr(config))
      return {
        headline,
        why:
          `${forecast}The schedule decreases lr too early: lr averages ${formatNumber(slow.lrLeft)} over the remaining steps, ` +
          `down from lr = ${formatNumber(baseLr(config))}.`,
        advice: 'Use a constant lr, or a schedule that decays more slowly.',
        fixes: [noScheduleFix(), cosineFix(config)],
        coordinates: [leader],
        subject: option('schedule'),
      };
    if (slow && slow.stepShare !== null && slow.stepShare < stale)
      return {
        headline,
        why:
          `${forecast}Its steps are ${formatNumber(100 * slow.stepShare, 2)} % of lr, because the second moment v reflects ` +
          'larger gradients of earlier steps.',
        // A larger lr may make the first gradients, and so v, larger in proportion.
        advice: moreSteps(
          config,
          step,
          slow,
          'Take',
          'Use another optimizer, or a shorter memory of the second moment',
        ),
        fixes: largerLrFixes(context, slow),
        coordinates: [leader],
        subject: lrOption(config),
      };
    return {
      headline,
      why: words.say`${forecast}lr = ${formatNumber(slow?.lr ?? step.lr)} is too small to reach a minimum${
        isShort(config.steps) ? `, also in ${timesAsMany} times as many steps` : ''
      }.`,
      advice: moreSteps(config, step, slow, 'Increase lr, or run', 'Increase lr'),
      fixes: slow ? largerLrFixes(context, slow) : [],
      coordinates: [leader],
      subject: lrOption(config),
    };
  },
};

/** More times the steps of the run are no advice. */
const affordable = 10;

/** Advice that says how many steps the run would need at its rate, with an alternative where they are too many. */
function moreSteps(
  config: RunConfig,
  { t }: StepView,
  slow: Slow | null,
  run: string,
  instead: string,
): string {
  const needed = slow ? t + (config.steps - t) / slow.reach : Number.POSITIVE_INFINITY;
  if (!(needed < Number.POSITIVE_INFINITY)) return `${instead}.`;
  const count = formatNumber(roundToDigit(needed), 1);
  return needed <= affordable * config.steps
    ? `${run} at least ${count} steps.`
    : `${instead}: at this rate, at least ${count} steps are needed.`;
}

/** The beginning of a headline. */
function stopped({ isOver }: PlateauReading, { say }: LossWords): string {
  return isOver ? say`The loss stopped improving for a time` : say`The loss has stopped improving`;
}

function batchNoiseStory({ config, words }: RuleContext, sight: PlateauReading): Story {
  return {
    headline: `${stopped(sight, words)} because of mini-batch noise.`,
    why:
      words.say`In ${windowSteps(sight)} the batch losses have no falling trend, and their interquartile range is ` +
      `${formatNumber(sight.interquartileRange)}. At this learning rate and batch size, mini-batch noise prevents further improvement.`,
    advice: anyOf(
      config.schedule === null && 'decay lr',
      hasMiniBatches(config) && 'increase the batch size',
      'decrease lr',
    ),
    fixes: noiseFloorFixes(config),
    coordinates: [],
    subject: lrOption(config),
  };
}

/** A local search from the last point, over all samples, gained no more than `left`. */
function withinNoiseStory({ config, words }: RuleContext, left: number): Story {
  return {
    headline: words.say`The loss has stopped improving: the run is within its noise of the minimum.`,
    why: words.say`A local search from the last point, over all samples, lowers the loss by only ${formatNumber(left)}.`,
    advice: 'Nothing to do.',
    fixes: [],
    coordinates: [],
    subject: lrOption(config),
  };
}

/** The functions of the steps differ by chance, or in a direction: longer steps are wrong for one, and right for the other. */
function changingLossStory({ config, words }: RuleContext, sight: PlateauReading): Story {
  const { agreement } = sight;
  const isLagging = agreement > laggingCorrelation;
  const lr = baseLr(config);
  return {
    headline: `${stopped(sight, words)} because ${words.say`the loss function`} changes between steps.`,
    why:
      `In ${windowSteps(sight)} the gradients of consecutive steps have the mean correlation ${formatNumber(agreement, 2)}. ` +
      (isLagging
        ? words.say`The parameters therefore likely lag behind a minimum that moves.`
        : words.say`At this learning rate, the changes of the loss function likely prevent further improvement.`),
    advice: isLagging
      ? `Increase lr, so that the parameters follow the ${words.say`minimum`}.`
      : anyOf(config.schedule === null && 'decay lr', 'decrease lr'),
    fixes: isLagging ? [3, 10].map((by) => lrFix(config, roundToDigit(by * lr))) : noiseFloorFixes(config),
    coordinates: [],
    subject: lrOption(config),
  };
}

function windowSteps({ until, window }: PlateauReading): string {
  return `steps ${until - window + 1} to ${until}`;
}

/**
 * Compares Σ abs(g Δ) over the window, the largest possible change of the loss to first order, with the
 * improvement.
 */
function firstOrderSentence(sight: PlateauReading, terms: LossTerms, { say }: LossWords): string {
  return (
    say`To first order, ${windowSteps(sight)} can change the loss by up to ${formatNumber(sight.total)} in total; ` +
    say`the lowest loss is ${formatNumber(terms.lowestBelowStart)} below the start.`
  );
}

/** Distances of a start from a saddle, relative to its size: at a small one, a run may take long to leave it. */
const besideSaddle = [0.1, -0.1, 0.5];

/** Moves the start away from the saddle, to both sides along a direction in which the loss falls. */
function saddleFixes(from: Float64Array, direction: Float64Array): readonly Fix[] {
  if (from.length > startLengthAtMost) return [];
  const scale = Math.max(1, maxAbs(from));
  return besideSaddle.map((by) =>
    startFix([...from].map((theta, i) => Number((theta + by * scale * direction[i]!).toPrecision(3)))),
  );
}

/**
 * Whether the run oscillates around its minimum. The loss above the minimum is then half of abs(g Δ) of one
 * step at a kink, and a quarter for a quadratic loss: at most R/1000 here.
 */
function isOscillatingAtMinimum(
  kind: PlateauClass,
  { work, window }: PlateauReading,
  terms: LossTerms,
): boolean {
  return kind === 'flat-valley' && work / window <= terms.improvement / 500;
}

/** The finding for a plateau of a class. One about the steps of the leading coordinate is about the options of its group. */
export function plateauReport(
  kind: PlateauClass,
  context: RuleContext,
  sight: PlateauReading,
): FindingReport {
  const { config, dim } = context;
  const isOfLeader = kind === 'eps-stall' || kind === 'lr-too-small';
  const groups = isOfLeader ? parameterGroupsOf(config, dim) : null;
  if (!groups) return reportOf(kind, context, sight);
  const g = groups.of[sight.leader]!;
  return reportOfGroup(reportOf(kind, { ...context, config: configOfGroup(config, g) }, sight), config, g);
}

function reportOf(kind: PlateauClass, context: RuleContext, sight: PlateauReading): FindingReport {
  const { terms, words } = context;
  const { headline, why, advice, fixes, coordinates, subject } = stories[kind](context, sight);
  const { from, until, isOver, step, work, trend, window, slow } = sight;
  const level =
    kind === 'lr-too-small' || (kind === 'eps-stall' && slow)
      ? words.say`The loss${terms.smoothing} is ${words.value(terms.loss)} at step ${step.t}${examined(window, context)}.`
      : levelSentence(sight, context);
  return {
    code: 'plateau',
    severity:
      kind === 'converged' || kind === 'noise-floor' || isOscillatingAtMinimum(kind, sight, terms)
        ? 'info'
        : 'warning',
    headline,
    detail: `${level} ${why}`,
    advice,
    steps: [from, isOver ? until : step.t],
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
 * The report of a run that ended where a symmetry or factors that are 0 hide the descent from the gradient.
 *
 * @param from  the first step of the plateau; absent: the loss did not stay long enough at the saddle for a plateau
 */
export function symmetricSaddle(
  { nameOf, terms, words }: RuleContext,
  { distance, direction, start, unmoved, equal, loss }: BesideEnd & { readonly loss: number },
  { steps, final }: RunOutcome,
  from: number | null,
): FindingReport {
  const coordinates = unmoved.length > 0 ? unmoved : equal;
  const names = namesInWords(nameOf, coordinates);
  const why =
    unmoved.length > 0
      ? `The gradient of ${names} is 0, so ${unmoved.length > 1 ? 'they have' : 'it has'} never moved.`
      : `Each of ${names} has stayed equal to another parameter.`;
  return {
    code: 'plateau',
    severity: 'warning',
    headline: words.say`The loss has stopped improving at a saddle point.`,
    detail:
      words.say`${why} A local search from a point at a distance of ${formatNumber(distance, 2)} lowers the loss ` +
      words.say`from ${words.value(final.loss)} to ${words.value(loss)}. A symmetry, or factors that are 0, hide this descent from the gradient.`,
    advice:
      'Start with different values for parameters that have equal roles, and with factors that are not 0.',
    steps: [from ?? steps, steps],
    coordinates,
    subject: option('start'),
    evidence: {
      class: 'saddle',
      loss: final.loss,
      improvement: terms.improvement,
      distance,
      besideLoss: loss,
    },
    fixes: saddleFixes(start, direction),
  };
}

/** A loss that moves by more than this share of its improvement, or of its size, has not stayed near one value. */
const nearShare = 0.01;
const nearSize = 0.1;

/** In a short run, how many of its steps the statement rests on. */
function examined(window: number, { config }: RuleContext): string {
  return isShort(config.steps) ? ` of ${config.steps}, and the last ${window} steps are examined` : '';
}

/** The losses of the steps as they were. With mini-batches they are not those over all samples. */
function levelSentence(sight: PlateauReading, { config, terms, words }: RuleContext): string {
  const { from, until, isOver, step } = sight;
  const [low, high] = sight.range;
  const width = high - low;
  const size = Math.max(Math.abs(low), Math.abs(high));
  const isWide = width > nearShare * terms.improvement || width > nearSize * size;
  const loss = config.samples !== null && terms.smoothedOver > 1 ? words.say`batch loss` : words.say`loss`;
  const steps = `From step ${from} to ${isOver ? until : step.t} the ${loss}`;
  return isWide && width > terms.floor
    ? `${steps} was between ${words.between(low, high)}.`
    : `${steps} stayed near ${words.value(low + width / 2)}.`;
}

/**
 * The report of a noise floor above the start. It compares losses over all samples, without mini-batch noise,
 * which are known only at the end of the run.
 */
export function neverImproved(
  report: FindingReport,
  startLoss: number,
  finalLoss: number,
  { say, value }: LossWords,
): FindingReport {
  return {
    ...report,
    severity: 'warning',
    headline: say`No epoch ended with a loss below the loss at the start.`,
    detail:
      say`Over all samples, the loss was ${value(startLoss)} at the start and is ${value(finalLoss)} at the end. ` +
      'The steps are too long to average over the mini-batch noise.',
    advice: 'Decrease lr, or increase the batch size.',
    evidence: { ...report.evidence, class: 'flat-valley', startLoss, finalLoss },
    fixes: report.fixes.toReversed(),
  };
}

function tenth(lr: number): number {
  return roundToDigit(lr / 10);
}

/**
 * A decaying lr averages over more and more batches, and larger batches have less noise. A constant smaller
 * lr also averages, but it is slow.
 */
function noiseFloorFixes(config: RunConfig): readonly Fix[] {
  const fixes = [cosineFix(config)];
  if (hasMiniBatches(config)) fixes.push(batchFix(Math.min(config.samples, 4 * config.batch), config));
  fixes.push(lrFix(config, tenth(baseLr(config))));
  return fixes;
}

/**
 * Learning rates with which the run reaches the minimum. If steps have the length lr, they cover `distance`
 * in half the run with lr = 2·distance/N. For gradient descent: half the stability limit. Both are limited to
 * a factor of 1000, because the extrapolation is not reliable beyond it.
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
