import { isAdaptive } from '../../../config/readOptions';
import type { StepView } from '../../../update';
import type { RuleContext } from '../../rule';
import type { LrPlan } from '../../terms/lrPlan';
import type { Travel } from './travel';

/** A coordinate on its way straight ahead, which the run will not let arrive. */
export interface Slow {
  readonly coordinate: number;
  /** What the rest of the run will change its gradient by, relative to what is left of it: below 1 it falls short. */
  readonly reach: number;
  /** The distance to where its gradient would vanish, if it keeps falling as it does; infinite if it does not. */
  readonly distance: number;
  /** abs(g) of the coordinate. */
  readonly size: number;
  /** The mean learning rate that the schedule plans for the rest of the run. */
  readonly lrLeft: number;
}

/**
 * Whether the leading coordinate goes straight ahead and its gradient hardly changes for it: abs(net) ≥ 0.9 of its
 * path, and with ρ = abs(g_t − g_{t−P}) / abs(g_t), which is P steps' share of the way to a vanishing gradient (see
 * `GradientChange` for how it is measured),
 *
 *   ρ (N − t)/P < 1/3    if longer steps are possible at all
 *               < 0.01   else
 *
 * where (N − t)/P counts the steps to come by the learning rate that the schedule plans for them. Longer steps are
 * possible where the steps are as long as lr allows, abs(net) ≥ 0.8 Σ lr (adaptive optimizers), where eps is what
 * keeps them short, and for gradient descent where lr λ < 0.1 with the curvature λ met on the path: there the limit,
 * 2, is far. And it must be worth the way: what is to be won, ½ abs(g) times the distance, is at least R/1000.
 */
export function slowTravel(
  travel: Travel,
  step: StepView,
  coordinate: number,
  isHeldByEps: boolean,
  plan: LrPlan,
  { config, terms, curvature }: RuleContext,
): Slow | null {
  const net = Math.abs(travel.netOf(coordinate));
  const size = travel.gradient.size(coordinate);
  if (size === 0 || net === 0 || net < 0.9 * travel.pathOf(coordinate)) return null;
  const change = travel.gradient.relative(coordinate);
  const pathLeft = plan.after(step.t).stepsLeft * step.lr;
  const reach = (change * pathLeft) / travel.lr;
  const hasRoom = isAdaptive(config) ? isHeldByEps || net >= 0.8 * travel.lr : step.lr * curvature() < 0.1;
  if (!(reach < (hasRoom ? 1 / 3 : 0.01))) return null;
  const distance = net / change;
  if (0.5 * size * distance < terms.improvement / 1000) return null;
  return { coordinate, reach, distance, size, lrLeft: pathLeft / (config.steps - step.t) };
}
