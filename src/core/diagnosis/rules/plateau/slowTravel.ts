import { isAdaptive } from '../../../config/readOptions';
import type { RunConfig } from '../../../config/runConfig';
import { stateNamesOf } from '../../../phases';
import type { StepView } from '../../../update';
import type { RuleContext } from '../../rule';
import type { LrPlan } from '../../terms/lrPlan';
import { isShort } from '../../terms/shortRun';
import type { Travel } from './travel';

/** A coordinate that moves in one direction but will not reach its minimum within the run. */
export interface Slow {
  readonly coordinate: number;
  /**
   * The predicted change of its gradient in the rest of the run, relative to its current gradient: below 1 is
   * too little.
   */
  readonly reach: number;
  /**
   * The distance to the point where its gradient would be 0 at the current rate of change; infinite without
   * change.
   */
  readonly distance: number;
  /** abs(g) of the coordinate. */
  readonly size: number;
  /** The mean learning rate that the schedule plans for the rest of the run. */
  readonly lrLeft: number;
  /** The learning rate of the coordinate at this step. */
  readonly lr: number;
  /**
   * Of an adaptive optimizer that eps does not limit: the net movement relative to Σ lr. A coordinate that moves in one direction by much
   * shorter steps is divided by a second moment of larger, earlier gradients. null for other optimizers.
   */
  readonly stepShare: number | null;
}

/** A short run is too slow only if this many times its steps would be too few as well. */
export const timesAsMany = 10;

/** Above this share of the stability limit, gradient descent cannot make much longer steps. */
const nearLimit = 0.1;

/**
 * Whether the leading coordinate moves in one direction while its gradient hardly changes. Conditions:
 * abs(net movement) is at least 0.9 of the path length, and with ρ = abs(g_t − g_{t−P}) / abs(g_t), the
 * relative change of the gradient in P steps (see `GradientChange` for the measurement),
 *
 *   ρ (N − t)/P < 1/3    if longer steps are possible
 *               < 0.01   otherwise
 *
 * and a tenth of these limits in a run of fewer than 200 steps,
 * where the remaining steps N − t are weighted with the learning rates that the schedule plans for them.
 * Longer steps are possible in three cases: the steps have almost the length lr, abs(net) ≥ 0.8 Σ lr
 * (adaptive optimizers); eps limits them; or lr λ < 0.1 for gradient descent with the curvature λ along the
 * path, far below its limit 2. Gradient descent above a tenth of its measured stability limit is never too slow for its
 * learning rate: then the curvatures differ too much (see `ill-conditioned`). In addition, the expected improvement, ½ abs(g) times the distance, must be at
 * least R/1000.
 */
export function slowTravel(
  travel: Travel,
  step: StepView,
  coordinate: number,
  isHeldByEps: boolean,
  plan: LrPlan,
  { config, terms, curvature, sample }: RuleContext,
): Slow | null {
  const net = Math.abs(travel.netOf(coordinate));
  const size = travel.gradient.size(coordinate);
  if (size === 0 || net === 0 || net < 0.9 * travel.pathOf(coordinate)) return null;
  // Another direction does not allow longer steps.
  const stability = isAdaptive(config) ? null : sample();
  if (stability && stability.value > nearLimit * stability.limit) return null;
  const change = travel.gradient.relative(coordinate);
  const own = lrShareOf(step, coordinate, config);
  const pathLeft = plan.after(step.t).stepsLeft * step.lr;
  const reach = (change * pathLeft) / travel.lr;
  const hasRoom = isAdaptive(config)
    ? isHeldByEps || net >= 0.8 * own * travel.lr
    : step.lr * curvature() < 0.1;
  const most = (hasRoom ? 1 / 3 : 0.01) / (isShort(config.steps) ? timesAsMany : 1);
  if (!(reach < most)) return null;
  const distance = net / change;
  if (0.5 * size * distance < terms.improvement / 1000) return null;
  return {
    coordinate,
    reach,
    distance,
    size,
    lrLeft: (own * pathLeft) / (config.steps - step.t),
    lr: own * step.lr,
    stepShare: isAdaptive(config) && !isHeldByEps ? net / (own * travel.lr) : null,
  };
}

/** The learning rate of a coordinate relative to that of the step: 1 unless its parameter group has its own. */
function lrShareOf({ lr, state }: StepView, coordinate: number, config: RunConfig): number {
  if (!config.groups) return 1;
  return state[stateNamesOf(config).indexOf('lr')]![coordinate]! / lr;
}
