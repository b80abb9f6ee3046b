import type { RunConfig } from '../../config/runConfig';
import { formatNumber } from '../../numerics/format';
import type { Objective } from '../../objective';
import { rectification } from '../../optimizers/radam';
import type { StepFacts } from './facts';
import { type PathCheck, scales } from './pathChecks';
import type { Theory } from './theory';
import type { PathTolerance } from './tolerance';

/** The expected effect of a change of the loss on the path. */
export type PathExpectation =
  | {
      /** The path is transformed in the same way as the loss. */
      readonly kind: 'same';
      /** Equal bit for bit, because no operation rounds differently. */
      readonly isExact: boolean;
      /** The allowed difference of a step in addition to rounding, in units of the parameters. */
      readonly more: (step: StepFacts) => number;
    }
  | {
      readonly kind: 'changes';
      readonly why: string;
      /** The relative deviation above which the path counts as different; eps alone causes a small one. */
      readonly atLeast: number;
    }
  | { readonly kind: 'none'; readonly why: string };

/** The measurements from which the expectations are derived. */
export interface Ground {
  readonly config: RunConfig;
  readonly theory: Theory;
  /** The optimizer's L2 penalty. */
  readonly l2: number;
  readonly objective: Objective;
  /** One entry for each step within the horizon. */
  readonly facts: readonly StepFacts[];
  /** The optimizer's own gradient at the first step. */
  readonly firstGradient: Float64Array;
  /**
   * The factor by which the influence of eps may exceed that in `facts`; 1 if they are the subject's own
   * steps.
   */
  readonly epsSlack: number;
  readonly tolerance: PathTolerance;
}

type Expect = (ground: Ground & { readonly isClipped: boolean }) => PathExpectation;

const exactly: PathExpectation = { kind: 'same', isExact: true, more: () => 0 };
const withinRounding: PathExpectation = { kind: 'same', isExact: false, more: () => 0 };
const none = (why: string): PathExpectation => ({ kind: 'none', why });

/**
 * The error of a step that finite differences cause where points are rounded differently. It is proportional
 * to the gradient: some ulps of the loss, divided by the distance of the two points, which is at least h =
 * ε^⅓.
 */
function roundingOfDifferences({ lr, loss }: StepFacts): number {
  return (8 * lr * Number.EPSILON * Math.abs(loss)) / Math.cbrt(Number.EPSILON);
}

/** If eps can change more than this share of the distance travelled, it is not negligible. */
const negligible = 1e-3;
/**
 * The smallest share that rounding can represent. For AdaBelief, which adds eps to v, the share is below an
 * ulp.
 */
const resolution = 2 * Number.EPSILON;
/** If eps is more than this share of the denominator, eps determines the step size. */
const mostOfIt = 0.9;

export const expectations: { readonly [C in PathCheck]: Expect } = {
  repeat: () => exactly,
  'scale up': (ground) => onScale(ground, scales['scale up']),
  'scale down': (ground) => onScale(ground, scales['scale down']),
  // Every operation of a step is an odd or even function of its arguments, including rounding and clipping.
  flip: () => exactly,
  // The norm is a sum, which rounds differently in another order.
  permute: ({ objective, config, isClipped }) => {
    if (objective.dim < 2) return none('there is only one coordinate');
    return isClipped && config.clip && 'norm' in config.clip ? withinRounding : exactly;
  },
  rotate: ({ objective, config, theory, facts, isClipped }) => {
    if (objective.dim < 2) return none('there is only one coordinate');
    if (config.precision !== 'float64')
      return none(`the gradient is rounded to ${config.precision} coordinate by coordinate`);
    if (isClipped && config.clip && 'value' in config.clip)
      return none('gradients were clipped coordinate by coordinate');
    if (theory.followsRotation)
      return objective.gradientMode === 'finite-difference'
        ? { kind: 'same', isExact: false, more: roundingOfDifferences }
        : withinRounding;
    const { name, beta2 } = config.optimizer;
    if (name === 'radam' && rectification(beta2 as number)(facts.length) === null)
      return none('RAdam does not divide by √v in these steps');
    if (facts.every(({ epsShare }) => epsShare.every((share) => share > mostOfIt)))
      return none('eps is more than 90 % of the denominator');
    return { kind: 'changes', why: 'each coordinate is divided by its own denominator', atLeast: 0 };
  },
  translate: ({ objective }) =>
    objective.gradientMode === 'finite-difference'
      ? none('the gradient is computed by finite differences, which lose digits when a constant is added')
      : exactly,
};

/**
 * An optimizer that divides by the size of its gradients makes the same steps on c·f with eps as on f with
 * eps/c (eps/c² if eps is added to v). So each update changes by at most the share of eps in the denominator
 * times max(1, c^−power), and by at most its own length.
 */
function onScale(
  { config, theory, l2, facts, epsSlack, isClipped }: Parameters<Expect>[0],
  c: number,
): PathExpectation {
  if (isClipped) return none('gradients were clipped at a limit that does not scale with the loss');
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
      `eps is not negligible: it changes the steps by up to ${formatNumber((100 * changed) / way, 2)} %`,
    );
  return { kind: 'same', isExact: false, more: changeBy(epsSlack) };
}
