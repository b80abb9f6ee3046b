import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { Objective } from '../../../src/core/objective';
import { stateNamesOf } from '../../../src/core/phases';
import { type GoldenVariant, readGoldenVariants } from '../../support/goldenVariants';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

const variants = readGoldenVariants().filter(
  ({ config }) => !('maximize' in config) && !('groups' in config),
);

function objectiveOf({ loss, start }: GoldenVariant): Objective {
  return analyticObjective(loss.replace('-', '') as 'rosenbrock', start.length);
}

/**
 * As in golden.test.ts: relative to the largest value of the quantity so far, 1e-12 in the first steps. Rounding
 * errors grow along the trajectory.
 */
class Close {
  readonly #largest = new Map<string, number>();

  check(quantity: string, actual: ArrayLike<number>, wanted: readonly (number | null)[], t: number): void {
    const numbers = wanted.flatMap((value) => (value === null ? [] : Math.abs(value)));
    const scale = Math.max(this.#largest.get(quantity) ?? 0, ...numbers);
    this.#largest.set(quantity, scale);
    const tolerance = (t <= 20 ? 1e-12 : 1e-9) * scale;
    wanted.forEach((value, i) => {
      const isClose = value === null ? Number.isNaN(actual[i]) : Math.abs(actual[i]! - value) <= tolerance;
      if (!isClose) expect.fail(`${quantity}[${i}] at t = ${t}: ${actual[i]} is not close to ${value}`);
    });
  }
}

describe('torch with its schedulers stepped per epoch', () => {
  it.each(variants.map((variant) => [variant.case, variant] as const))('%s', async (_, variant) => {
    const patch = { ...variant.config, steps: variant.steps.at(-1)!.t };
    const states = stateNamesOf(resolveConfig([patch]).config);
    const wanted = new Map(variant.steps.map((step) => [step.t, step]));
    const close = new Close();
    let compared = 0;
    await runPatch(objectiveOf(variant), variant.start, patch, {
      onStep(step) {
        const reference = wanted.get(step.t);
        if (!reference) return;
        compared++;
        close.check('loss', [step.loss], [reference.loss], step.t);
        close.check(
          'lr',
          reference.lrs.map(() => step.lr),
          reference.lrs,
          step.t,
        );
        close.check('grad', step.grad, reference.grad, step.t);
        close.check('params', step.params, reference.theta, step.t);
        for (const [k, state] of states.entries())
          close.check(state, step.state[k]!, reference.state[state]!, step.t);
      },
    });
    expect(compared).toBe(variant.steps.length);
  });
});
