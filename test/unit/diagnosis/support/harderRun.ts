import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { norm2 } from '../../../../src/core/numerics/norms';
import type { EvaluationContext } from '../../../../src/core/objective';
import { Draw } from './healthy/draw';
import { fitFamily } from './healthy/fits';
import {
  deepLineLoss,
  factorLoss,
  type HardLoss,
  netLoss,
  polarLoss,
  productLoss,
  saturatingLoss,
  softmaxLoss,
} from './healthy/products';
import type { Problem } from './problems';

export interface HarderRun {
  readonly name: string;
  readonly problem: Problem;
  readonly patch: RunConfigPatch;
}

/**
 * A healthy run that looks harder than those of `healthyRun`: products of parameters, factorisations, saturated units,
 * mini-batches with weight decay, tight clipping that does not matter, and runs that end early. The learning rate follows
 * from a pilot run, which descends along the gradient by line search:
 *
 * - Gradient descent gets 0.1 to 0.4 of the learning rate that the largest curvature on the path of the pilot permits; with
 *   mini-batches 0.03 to 0.1.
 * - Adam and AdamW get the learning rate that covers the largest distance of the pilot in 30 to 80 steps, and five to
 *   ten times as many steps.
 * - A run that ends early has a tenth to a half of these steps, at most 150: more of them might rightly be told that
 *   they are too slow.
 * - Weight decay is at most a ten-thousandth of the largest curvature (decoupled: 1e-3 to 1e-2).
 *
 * All draws depend on the seed only; no drawn run is discarded.
 */
export function harderRun(seed: number): HarderRun {
  const draw = new Draw(seed, 7);
  const { name, problem, samples } = losses[seed % losses.length]!(draw);
  const isBatched = samples !== null && draw.chance(0.4);
  const isDescent = draw.chance(0.5);
  const { distance, steepest } = pilot(problem);
  const { optimizer, full } = isDescent
    ? descent(draw, steepest, isBatched)
    : adaptive(draw, distance, steepest);
  const isEarly = draw.chance(0.3);
  const steps = isEarly ? Math.min(150, Math.ceil(full * draw.between(0.1, 0.5))) : full;
  // A constant factor of all gradients does not change Adam’s steps.
  const isClipped = !isDescent && draw.chance(0.2);
  const schedule = draw.oneOf([null, null, { name: 'cosine' } as const]);
  const batch = isBatched ? Math.max(4, Math.ceil(samples! * draw.between(0.25, 0.5))) : null;
  return {
    name: `${optimizer.name} on ${name}${batch === null ? '' : `, batches of ${batch}`}${isEarly ? ', ends early' : ''}`,
    problem,
    patch: {
      optimizer: optimizer as NonNullable<RunConfigPatch['optimizer']>,
      schedule,
      clip: isClipped ? { norm: 0.01 * firstNorm(problem), value: null } : null,
      steps,
      seed,
      ...(batch === null ? {} : { samples: samples!, batch }),
    },
  };
}

const losses: readonly ((draw: Draw) => HardLoss)[] = [
  productLoss,
  factorLoss,
  deepLineLoss,
  saturatingLoss,
  netLoss,
  polarLoss,
  softmaxLoss,
  (draw) => fitFamily(draw, draw.oneOf(['squares', 'logistic'])),
];

interface Plan {
  readonly optimizer: { readonly name: string; readonly lr: number } & Record<string, unknown>;
  /** The steps of a run that does not end early. */
  readonly full: number;
}

function descent(draw: Draw, steepest: number, isBatched: boolean): Plan {
  const momentum = draw.oneOf([0, 0, 0.9]);
  const share = isBatched ? draw.between(0.03, 0.1) : draw.between(0.1, 0.4);
  // Momentum overshoots, to where the curvature may be larger than on the path of the pilot.
  const lr = (share * 2 * (1 - momentum)) / steepest;
  const weightDecay = draw.oneOf([0, 1e-4 * steepest * draw.random()]);
  return { optimizer: { name: 'sgd', lr, momentum, weightDecay }, full: draw.oneOf([400, 1000, 2000]) };
}

function adaptive(draw: Draw, distance: number, steepest: number): Plan {
  const paces = draw.between(30, 80);
  const name = draw.oneOf(['adam', 'adamw']);
  const weightDecay =
    name === 'adamw' ? draw.between(1e-3, 1e-2) : draw.oneOf([0, 1e-4 * steepest * draw.random()]);
  const lr = Math.max(distance, 0.1) / paces;
  return { optimizer: { name, lr, weightDecay }, full: Math.ceil(paces * draw.between(5, 10)) };
}

const everything: EvaluationContext = { step: 1, epoch: 0, indices: [], random: () => 0.5 };

/** Descends along the gradient with a line search. The largest distance of a coordinate, and the largest curvature on the way. */
function pilot({ objective, start }: Problem): { readonly distance: number; readonly steepest: number } {
  const dim = start.length;
  const gradientAt = (params: Float64Array) => {
    const grad = new Float64Array(dim);
    const loss = objective.valueAndGradient(params, grad, () => everything) as number;
    return { loss, grad };
  };
  let params = Float64Array.from(start);
  let { loss, grad } = gradientAt(params);
  let steepest = curvatureAt(params, gradientAt);
  let lr = 1 / steepest;
  for (let k = 1; k <= 400; k++) {
    const next = params.map((theta, i) => theta - lr * grad[i]!);
    const there = gradientAt(next);
    if (!(there.loss < loss)) {
      lr /= 2;
      continue;
    }
    params = next;
    ({ loss, grad } = there);
    lr *= 1.2;
    if (k % 20 === 0) steepest = Math.max(steepest, curvatureAt(params, gradientAt));
  }
  const distance = Math.max(...params.map((theta, i) => Math.abs(theta - start[i]!)));
  return { distance, steepest };
}

/** The largest curvature, by power iteration with differences of gradients. */
function curvatureAt(
  params: Float64Array,
  gradientAt: (params: Float64Array) => { readonly grad: Float64Array },
): number {
  let direction = params.map((_, i) => 1 + 0.1 * i);
  let largest = 0;
  for (let k = 0; k < 12; k++) {
    const length = norm2(direction);
    const unit = direction.map((each) => each / length);
    const h = 1e-5;
    const [there, back] = [h, -h].map(
      (by) => gradientAt(params.map((theta, i) => theta + by * unit[i]!)).grad,
    );
    direction = there!.map((each, i) => (each - back![i]!) / (2 * h));
    largest = Math.max(largest, norm2(direction));
    if (largest === 0) break;
  }
  return largest;
}

function firstNorm({ objective, start }: Problem): number {
  const grad = new Float64Array(start.length);
  objective.valueAndGradient(Float64Array.from(start), grad, () => everything);
  return norm2(grad);
}
