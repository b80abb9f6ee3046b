import { describe, expect, it } from 'vitest';
import { optionsOf, resolveConfig } from '../../../src/core/config/resolve';
import type { OptionValue, RunConfigPatch } from '../../../src/core/config/runConfig';
import { optimizers } from '../../../src/core/optimizers/registry';
import { type Golden, goldenNames, readGolden } from '../../support/golden';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

type OptionsPatch = Readonly<Record<string, OptionValue>>;

/** torch's option names whose camel case differs from ours. */
const optionNames: Readonly<Record<string, string>> = { T_max: 'tMax' };
const scheduleNames: Readonly<Record<string, string>> = {
  StepLR: 'step',
  MultiStepLR: 'multiStep',
  ExponentialLR: 'exponential',
  LinearLR: 'linear',
  CosineAnnealingLR: 'cosine',
  SequentialLR: 'warmupCosine',
  OneCycleLR: 'oneCycle',
  ReduceLROnPlateau: 'reduceOnPlateau',
};
/** torch's names of our state vectors; both use the same name for `sum`. */
const stateNames: Readonly<Record<string, readonly string[]>> = {
  m: ['exp_avg'],
  v: ['exp_avg_sq', 'square_avg'],
  vMax: ['max_exp_avg_sq'],
  u: ['exp_inf'],
  gAvg: ['grad_avg'],
  momentum: ['momentum_buffer'],
  sum: ['sum'],
  muProduct: ['mu_product'],
};

function translate(kwargs: Golden['kwargs'] | NonNullable<Golden['scheduler']>['kwargs']): OptionsPatch {
  const options: Record<string, OptionValue> = {};
  for (const [name, value] of Object.entries(kwargs)) {
    if (name === 'betas') [options.beta1, options.beta2] = value as [number, number];
    else options[optionNames[name] ?? name.replace(/_[a-z]/g, (letter) => letter[1]!.toUpperCase())] = value;
  }
  return options;
}

function patchOf(golden: Golden): RunConfigPatch {
  return {
    optimizer: { name: golden.optimizer.toLowerCase(), ...translate(golden.kwargs) },
    schedule: golden.scheduler && {
      name: scheduleNames[golden.scheduler.name] ?? golden.scheduler.name,
      ...translate(golden.scheduler.kwargs),
    },
    clip: golden.clip,
    steps: golden.steps.at(-1)!.t,
  };
}

/**
 * The comparison that the contract calls "close": abs(a − b) ≤ tol · max(abs(b), the largest abs of that
 * quantity so far).
 */
class Close {
  readonly #largest = new Map<string, number>();

  saw(quantity: string, values: readonly number[]): number {
    const scale = Math.max(this.#largest.get(quantity) ?? 0, ...values.map(Math.abs));
    this.#largest.set(quantity, scale);
    return scale;
  }

  check(quantity: string, actual: ArrayLike<number>, wanted: readonly number[], t: number): void {
    const tolerance = t <= 20 ? 1e-12 : 1e-9;
    const scale = this.saw(quantity, wanted);
    expect(actual.length).toBe(wanted.length);
    wanted.forEach((value, i) => {
      if (!(Math.abs(actual[i]! - value) <= tolerance * scale))
        expect.fail(`${quantity}[${i}] at t = ${t}: ${actual[i]} is not within ${tolerance} of ${value}`);
    });
  }
}

describe('the reference trajectories of torch', () => {
  it('all exist', () => {
    expect(goldenNames().length).toBeGreaterThanOrEqual(36);
  });

  it.each(goldenNames())('%s', async (name) => {
    const golden = readGolden(name);
    const patch = patchOf(golden);
    const { config } = resolveConfig([patch]);
    const definition = optimizers[config.optimizer.name];
    const states = definition.stateNames(optionsOf(config.optimizer));
    const scalars = definition.scalarNames ?? [];
    const wanted = new Map(golden.steps.map((step) => [step.t, step]));
    const torchNames = Object.keys(golden.steps[0]!.state).filter((state) => state !== 'step');
    const torchName = (state: string) => {
      const found = stateNames[state]!.find((each) => torchNames.includes(each));
      return found ?? expect.fail(`torch keeps no ${state}: it has ${torchNames.join(', ')}`);
    };
    const close = new Close();
    close.saw('params', golden.start);
    let compared = 0;
    await runPatch(analyticObjective(golden.loss), golden.start, patch, {
      onStep(step) {
        const reference = wanted.get(step.t);
        if (!reference) return;
        compared++;
        close.check('loss', [step.loss], [reference.loss], step.t);
        close.check('lr', [step.lr], [reference.lr], step.t);
        close.check('params', step.params, reference.theta, step.t);
        close.check('grad', step.grad, reference.grad, step.t);
        states.forEach((state, k) => {
          const values = reference.state[torchName(state)] as readonly number[];
          close.check(state, step.state[k]!, values, step.t);
        });
        for (const scalar of scalars)
          close.check(scalar, [step[scalar]], [reference.state[torchName(scalar)] as number], step.t);
      },
    });
    expect(compared).toBe(golden.steps.length);
    expect([...states, ...scalars].map(torchName).sort()).toEqual(torchNames.sort());
  });
});
