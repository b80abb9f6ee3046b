import type { RunConfig } from '../../config/runConfig';
import { formatNumber } from '../../numerics/format';
import type { Objective } from '../../objective';
import { rectification } from '../../optimizers/radam';
import type { StepFacts } from './facts';
import { type PathCheck, scales } from './pathChecks';
import type { Theory } from './theory';
import type { Tolerance } from './tolerance';

/** What is to come of a changed loss. */
export type Expectation =
  | {
      /** The same path, changed as the loss is. */
      readonly kind: 'same';
      /** To the last bit: nothing rounds differently. */
      readonly isExact: boolean;
      /** What a step may differ by apart from rounding, in units of the parameters. */
      readonly more: (step: StepFacts) => number;
    }
  | {
      readonly kind: 'changes';
      readonly why: string;
      /** By how much of its way the path changes, if it does; eps alone makes a small difference. */
      readonly atLeast: number;
    }
  | { readonly kind: 'none'; readonly why: string };

/** What the expectations are founded on. */
export interface Ground {
  readonly config: RunConfig;
  readonly theory: Theory;
  /** The optimizer's L2 penalty. */
  readonly l2: number;
  readonly objective: Objective;
  /** Of the steps within the horizon. */
  readonly facts: readonly StepFacts[];
  /** The optimizer's own, of the first step. */
  readonly firstGradient: Float64Array;
  /** How much larger eps may count than in these steps: 1 where they are the subject's own. */
  readonly epsSlack: number;
  readonly tolerance: Tolerance;
}

type Expect = (ground: Ground & { readonly isClipped: boolean }) => Expectation;

const exactly: Expectation = { kind: 'same', isExact: true, more: () => 0 };
const withinRounding: Expectation = { kind: 'same', isExact: false, more: () => 0 };
const none = (why: string): Expectation => ({ kind: 'none', why });

/**
 * What a difference of losses makes of a point that was rounded otherwise: some ulps of the loss over the distance of the
 * two points, h = ε^⅓ or more, in a step that is proportional to the gradient.
 */
function roundingOfDifferences({ lr, loss }: StepFacts): number {
  return (8 * lr * Number.EPSILON * Math.abs(loss)) / Math.cbrt(Number.EPSILON);
}

/** Beyond this share of the way eps is part of the optimizer, not a safeguard. */
const negligible = 1e-3;
/** A share is a difference of rounded numbers: adabelief's, whose eps stands beside v, is below an ulp. */
const resolution = 2 * Number.EPSILON;
/** Above it eps is the denominator. */
const mostOfIt = 0.9;

export const expectations: { readonly [C in PathCheck]: Expect } = {
  repeat: () => exactly,
  'scale up': (ground) => onScale(ground, scales['scale up']),
  'scale down': (ground) => onScale(ground, scales['scale down']),
  // Every operation of a step is odd or even in its arguments, rounding and clipping included.
  flip: () => exactly,
  // The norm is a sum, which rounds differently in another order.
  permute: ({ objective, config, isClipped }) => {
    if (objective.dim < 2) return none('there is one coordinate');
    return isClipped && config.clip && 'norm' in config.clip ? withinRounding : exactly;
  },
  rotate: ({ objective, config, theory, facts, isClipped }) => {
    if (objective.dim < 2) return none('there is one coordinate');
    if (config.precision !== 'float64')
      return none(`the gradient is rounded to ${config.precision} by coordinate`);
    if (isClipped && config.clip && 'value' in config.clip)
      return none('gradients were clipped by coordinate');
    if (theory.followsRotation)
      return objective.gradientMode === 'finite-difference'
        ? { kind: 'same', isExact: false, more: roundingOfDifferences }
        : withinRounding;
    const { name, beta2 } = config.optimizer;
    if (name === 'radam' && rectification(beta2 as number)(facts.length) === null)
      return none('RAdam steps without v so far');
    if (facts.every(({ epsShare }) => epsShare.every((share) => share > mostOfIt)))
      return none('eps is nearly all of the denominator');
    return { kind: 'changes', why: 'every coordinate has a denominator of its own', atLeast: 0 };
  },
  translate: ({ objective }) =>
    objective.gradientMode === 'finite-difference'
      ? none('the gradient is made by differences, which lose digits to the constant')
      : exactly,
};

/**
 * Under c·f an optimizer that divides by the size of its gradients does what it does under f with eps/c (eps/c² where eps is
 * added to v): each update changes by at most the share s of eps in the denominator times max(1, c^−power), and by no
 * more than itself.
 */
function onScale(
  { config, theory, l2, facts, epsSlack, isClipped }: Parameters<Expect>[0],
  c: number,
): Expectation {
  if (isClipped) return none('gradients were clipped, at a size that does not scale with the loss');
  if (theory.ignoresScale !== true) return { kind: 'changes', why: theory.ignoresScale, atLeast: 1e-6 };
  if (l2 !== 0) return none('weight decay is part of the gradient and does not scale with the loss');
  if (config.precision !== 'float64')
    return none(`${config.precision} rounds gradients of another size differently`);
  const weight = Math.max(1, c ** -theory.epsPower);
  const changeBy =
    (slack: number) =>
    ({ epsShare, update }: StepFacts) =>
      epsShare.reduce((most, share, i) => {
        const part = Math.min(1, (share + resolution) * weight * slack);
        return Math.max(most, part * Math.abs(update[i]!));
      }, 0);
  const own = changeBy(1);
  const [changed, way] = facts.reduce(
    ([sum, length], step) => [sum + own(step), length + step.length],
    [0, 0],
  );
  if (changed > negligible * way)
    return none(
      `eps is not negligible: it can change the steps by ${formatNumber((100 * changed) / way, 2)} %`,
    );
  return { kind: 'same', isExact: false, more: changeBy(epsSlack) };
}
