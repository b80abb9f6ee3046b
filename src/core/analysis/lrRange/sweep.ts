import { hasMiniBatches } from '../../batches';
import type { RunConfig } from '../../config/runConfig';
import { firstNonFinite } from '../../numerics/norms';
import type { Objective } from '../../objective';
import type { Optimizer } from '../../optimizers/optimizer';
import { SteppedRun } from '../invariances/steppedRun';
import { Smoothing } from './smoothing';

/** Learning rates, evenly spaced on a log axis, including both ends. */
export interface LrRange {
  readonly lowest: number;
  readonly highest: number;
  readonly steps: number;
}

/** One run with a growing learning rate. The arrays have one entry for each rate that was reached. */
export interface Sweep {
  readonly seed: number;
  readonly lrs: Float64Array;
  /** The loss after the step with this rate. */
  readonly losses: Float64Array;
  /** `losses`, smoothed if the loss is stochastic. */
  readonly smoothed: Float64Array;
  readonly startLoss: number;
  readonly ended: 'range' | 'rise' | 'nonFinite';
  /** Whether the sweep depends on the seed. */
  readonly isStochastic: boolean;
  /** Whether any gradient was nonzero. */
  readonly hasMoved: boolean;
  readonly evaluations: number;
}

export interface SweepRequest {
  readonly objective: Objective;
  readonly start: Float64Array;
  /** Contains the seed of the sweep. */
  readonly config: RunConfig;
  readonly range: LrRange;
  /** Called before every step; throws to cancel. */
  readonly mayGo: () => void;
  /** The user's optimizer, new for each sweep, instead of that of the configuration. */
  readonly optimizer?: Optimizer | undefined;
}

/** fastai stops at 4 times the lowest loss, that is at a rise of 3 times the lowest loss. */
const riseToStop = 3;

/** In this share of the sweep, at its beginning, the rate is so low that the loss varies only by noise. */
export const quietShare = 0.1;

/**
 * One exponential sweep of the learning rate from theta_0, with the run's optimizer, clipping, rounding and
 * mini-batches. It follows fastai's LRFinder (fastai/callback/schedule.py), which is based on Smith,
 * arXiv:1506.01186.
 *
 *   lr_t = lowest (highest/lowest)^((t−1)/(steps−1))
 *   s_t  = smoothed loss                            fastai's, see smoothing.ts; the loss itself if it is deterministic
 *   stop   s_t − best > 3 max(abs(best), top − best)           best = lowest s so far
 *
 * `top` is the largest s of the first tenth, where the rates are too low to cause a rise. If the losses are
 * positive and have decreased by at most their lowest value, this is fastai's rule s_t > 4 best. For losses
 * that are negative or cross 0, "4 times the best" is meaningless, so the rise is compared with the decrease.
 * For a stochastic loss it is also compared with the spread of the first tenth. Multiplying the loss by a
 * constant changes nothing.
 *
 * Differences from fastai: a rate is paired with the loss after its step instead of the loss before it, so
 * its effect is shown at the same rate. A loss without noise is not smoothed, because the average over 50
 * steps would show its rise four decades late.
 *
 * @throws what the loss throws
 */
export async function sweep({
  objective,
  start,
  config,
  range,
  mayGo,
  optimizer,
}: SweepRequest): Promise<Sweep> {
  const steppedRun = new SteppedRun({
    objective,
    start,
    config: { ...config, schedule: null, switch: null },
    optimizer,
  });
  const growth = Math.log(range.highest / range.lowest) / (range.steps - 1);
  const quiet = Math.ceil(quietShare * range.steps);
  const lrs: number[] = [];
  const losses: number[] = [];
  const running = new Smoothing();
  let ended: Sweep['ended'] = 'range';
  let evaluations = 1;
  let hasMoved = false;
  mayGo();
  const startLoss = await steppedRun.evaluate();
  let loss = startLoss;
  running.add(loss);
  let [best, top, leastRaw, mostRaw] = [loss, loss, loss, loss];
  for (let t = 1; t <= range.steps; t++) {
    if (!Number.isFinite(loss)) {
      ended = 'nonFinite';
      break;
    }
    hasMoved ||= steppedRun.view.grad.some((g) => g !== 0);
    const lr = t === range.steps ? range.highest : range.lowest * Math.exp(growth * (t - 1));
    steppedRun.step(loss, lr);
    if (firstNonFinite(steppedRun.view.params) >= 0) {
      ended = 'nonFinite';
      break;
    }
    mayGo();
    loss = await steppedRun.evaluate();
    evaluations++;
    if (!Number.isFinite(loss)) continue;
    lrs.push(lr);
    losses.push(loss);
    running.add(loss);
    const smoothed = isNoisy() ? running.value : loss;
    best = Math.min(best, smoothed);
    if (t <= quiet) {
      top = Math.max(top, smoothed);
      leastRaw = Math.min(leastRaw, loss);
      mostRaw = Math.max(mostRaw, loss);
      if (isNoisy()) continue;
    }
    const measure = Math.max(Math.abs(best), top - best, isNoisy() ? mostRaw - leastRaw : 0);
    if (smoothed - best > riseToStop * measure) {
      ended = 'rise';
      break;
    }
  }
  if (!Number.isFinite(loss)) ended = 'nonFinite';
  const raw = Float64Array.from(losses);
  return {
    seed: config.seed,
    lrs: Float64Array.from(lrs),
    losses: raw,
    smoothed: isNoisy() ? Smoothing.of(startLoss, raw) : raw,
    startLoss,
    ended,
    isStochastic: isNoisy(),
    hasMoved,
    evaluations,
  };

  function isNoisy(): boolean {
    return hasMiniBatches(config) || steppedRun.drewRandom;
  }
}
