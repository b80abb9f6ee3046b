import type { RunConfig } from '../../config/runConfig';
import { firstNonFinite } from '../../numerics/norms';
import type { Objective } from '../../objective';
import { isStochastic } from '../../trace/layout';
import { Walk } from '../invariances/walk';
import { Smoothing } from './smoothing';

/** Learning rates, evenly spaced on a log axis, both ends among them. */
export interface LrRange {
  readonly lowest: number;
  readonly highest: number;
  readonly steps: number;
}

/** One run with a growing learning rate. The arrays have one entry for each rate that was reached. */
export interface Sweep {
  readonly seed: number;
  readonly lrs: Float64Array;
  /** The loss that the step with this rate led to. */
  readonly losses: Float64Array;
  /** The same, smoothed where the loss is stochastic. */
  readonly smoothed: Float64Array;
  readonly startLoss: number;
  readonly ended: 'range' | 'rise' | 'nonFinite';
  /** Whether another seed would make another sweep. */
  readonly isStochastic: boolean;
  /** Whether any gradient was other than 0. */
  readonly hasMoved: boolean;
  readonly evaluations: number;
}

export interface SweepRequest {
  readonly objective: Objective;
  readonly start: Float64Array;
  /** Its seed is the sweep's. */
  readonly config: RunConfig;
  readonly range: LrRange;
  /** Asked before every step; throws to give up. */
  readonly mayGo: () => void;
}

/** fastai stops at 4 times the best: a rise of 3 times what is left. */
const riseToStop = 3;

/** The share of a sweep, at its beginning, where the rate is too low to do anything: what varies there is noise. */
export const quietShare = 0.1;

/**
 * One exponential sweep of the learning rate, from theta_0, with the run's optimizer, clipping, rounding and batches; after
 * fastai's LRFinder (fastai/callback/schedule.py), itself after Smith, arXiv:1506.01186.
 *
 *   lr_t = lowest (highest/lowest)^((t−1)/(steps−1))
 *   s_t  = smoothed loss                            fastai's, see smoothing.ts; the loss itself if it is deterministic
 *   stop   s_t − best > 3 max(abs(best), top − best)           best = least s so far
 *
 * `top` is the largest s of the first tenth, where the rates are still too low to do harm. Where losses are positive and
 * have not fallen by more than is left, the rule is fastai's, s_t > 4 best. Losses that are negative, or near 0 without a
 * floor there, have no use for "4 times": they are measured by what they fell. A stochastic loss has the spread of its
 * first tenth as a further measure. Multiplying the loss by a constant changes nothing.
 *
 * Departures from fastai: a rate is paired with the loss after its step instead of the one before it, so that what a rate
 * does stands at that rate; and a loss without noise is not smoothed, because the average over 50 steps would show its
 * rise four decades late.
 *
 * @throws what the loss throws
 */
export async function sweep({ objective, start, config, range, mayGo }: SweepRequest): Promise<Sweep> {
  const walk = new Walk({ objective, start, config: { ...config, schedule: null, switch: null } });
  const growth = Math.log(range.highest / range.lowest) / (range.steps - 1);
  const quiet = Math.ceil(quietShare * range.steps);
  const lrs: number[] = [];
  const losses: number[] = [];
  const running = new Smoothing();
  let ended: Sweep['ended'] = 'range';
  let evaluations = 1;
  let hasMoved = false;
  mayGo();
  const startLoss = await walk.evaluate();
  let loss = startLoss;
  running.add(loss);
  let [best, top, leastRaw, mostRaw] = [loss, loss, loss, loss];
  for (let t = 1; t <= range.steps; t++) {
    if (!Number.isFinite(loss)) {
      ended = 'nonFinite';
      break;
    }
    hasMoved ||= walk.view.grad.some((g) => g !== 0);
    const lr = t === range.steps ? range.highest : range.lowest * Math.exp(growth * (t - 1));
    walk.step(loss, lr);
    if (firstNonFinite(walk.view.params) >= 0) {
      ended = 'nonFinite';
      break;
    }
    mayGo();
    loss = await walk.evaluate();
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
    return isStochastic(config) || walk.drewRandom;
  }
}
