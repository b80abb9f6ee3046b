import { optionsOf } from '../../config/resolve';
import type { OptimizerConfig } from '../../config/runConfig';
import { formatNumber } from '../../numerics/format';
import { optimizers } from '../../optimizers/registry';
import type { FindingReport } from '../finding';

/** Relative margin for the rounding of the bound. */
const slack = 1e-9;

/** The parameters of a user-defined optimizer for a sequence of gradients, theta_0 first. */
export interface AuditedPath {
  readonly name: string;
  readonly points: readonly Float64Array[];
}

/**
 * A step of the user-defined optimizer that is longer than any step of its reference can be, for any
 * gradients:
 *
 *   abs(Δ + (1 − decay) θ_{t−1}) > lr B(t) (1 + 1e-9) + 2 ulp(θ)
 *
 * where B(t) is the exact bound of the reference (`OptimizerDefinition.bound`) and decay is its weight decay
 * factor. It detects a wrong step count and a bias correction that is missing or applied twice. References
 * without a bound are not checked.
 *
 * @returns the largest excess over the bound; null if there is none
 */
export function stepBound(reference: OptimizerConfig, paths: readonly AuditedPath[]): FindingReport | null {
  const definition = optimizers[reference.name];
  const options = optionsOf(reference);
  const lr = options.lr as number;
  const bound = definition.bound(options);
  const decay = definition.decay(lr, options);
  let worst = { excess: 0, t: 0, i: 0, step: 0, most: 0, path: '' };
  for (const { name, points } of paths)
    for (let t = 1; t < points.length; t++)
      for (let i = 0; i < points[t]!.length; i++) {
        const before = points[t - 1]![i]!;
        const step = Math.abs(points[t]![i]! - decay * before);
        const most = lr * bound(t);
        const ulp = Number.EPSILON * Math.max(Math.abs(before), Math.abs(points[t]![i]!));
        const excess = step / most;
        if (step > most * (1 + slack) + 2 * ulp && excess > worst.excess)
          worst = { excess, t, i, step, most, path: name };
      }
  if (worst.excess === 0) return null;
  const { excess, t, i, step, most, path } = worst;
  return {
    code: 'step-bound',
    severity: 'error',
    headline: `A step of your optimizer is longer than ${definition.title} allows.`,
    detail:
      `Step ${t} moves coordinate ${i} by ${formatNumber(step)}${decay < 1 ? ', beside its weight decay' : ''} (gradients: ${path}). ` +
      `${definition.title} with lr = ${formatNumber(lr)} moves no coordinate by more than ${formatNumber(most)} in this step, for any gradients.`,
    advice: 'Check how your optimizer counts t, and its bias corrections.',
    steps: [t, t],
    coordinates: [i],
    subject: null,
    evidence: { step, bound: most, excess, t, sequence: path },
    fixes: [],
  };
}
