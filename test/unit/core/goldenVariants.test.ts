import { describe, expect, it } from 'vitest';
import { directionOf, negated, turned } from '../../../src/core/ascent';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { Objective } from '../../../src/core/objective';
import { stateNamesOf } from '../../../src/core/phases';
import { type GoldenVariant, readGoldenVariants } from '../../support/goldenVariants';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

const variants = readGoldenVariants();

/** The function itself; of those that are maximized, its negation. */
function objectiveOf({ loss, start }: GoldenVariant): Objective {
  const name = loss.replace('-', '') as 'rosenbrock' | 'anisotropicQuadratic';
  const objective = analyticObjective(name, start.length);
  return loss.startsWith('-') ? negated(objective) : objective;
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

describe('torch with schedulers per epoch, maximize and parameter groups', () => {
  it.each(variants.map((variant) => [variant.case, variant] as const))('%s', async (_, variant) => {
    const patch = { ...variant.config, steps: variant.steps.at(-1)!.t };
    const wanted = new Map(variant.steps.map((step) => [step.t, step]));
    const close = new Close();
    let compared = 0;
    const { config } = resolveConfig([patch]);
    const states = stateNamesOf(config);
    const direction = directionOf(config);
    const objective = objectiveOf(variant);
    await runPatch(direction === 1 ? objective : negated(objective), variant.start, patch, {
      onStep(step) {
        const reference = wanted.get(step.t);
        if (!reference) return;
        compared++;
        close.check('loss', [turned(step.loss, direction)], [reference.loss], step.t);
        const rates = step.state[states.indexOf('lr')] ?? reference.lrs.map(() => step.lr);
        close.check('lr', rates, reference.lrs, step.t);
        close.check(
          'grad',
          step.grad.map((each) => turned(each, direction)),
          reference.grad,
          step.t,
        );
        close.check('params', step.params, reference.theta, step.t);
        for (const [k, state] of states.entries()) {
          if (state === 'lr') continue;
          close.check(state, step.state[k]!, reference.state[state]!, step.t);
        }
      },
    });
    expect(compared).toBe(variant.steps.length);
  });
});
