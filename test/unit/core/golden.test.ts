import { describe, expect, it } from 'vitest';
import { optionsOf, resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { optimizers } from '../../../src/core/optimizers/registry';
import { type Golden, readGolden } from '../../support/golden';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

const cases = [
  'sgd',
  'sgd-momentum',
  'sgd-nesterov-l2',
  'sgd-dampening',
  'sgd-clip-norm',
  'sgd-clip-value',
  'adam',
  'adam-seed-toy',
  'adam-l2',
  'adam-amsgrad',
  'adam-memoryless',
  'adam-large-eps',
  'adam-clip-norm',
  'adam-cosine',
  'adam-linear-warmup',
  'adam-warmup-cosine',
  'adamw',
  'adamw-amsgrad',
];

/** torch's option names in ours. */
const optionNames: Readonly<Record<string, string>> = {
  lr: 'lr',
  eps: 'eps',
  amsgrad: 'amsgrad',
  weight_decay: 'weightDecay',
  momentum: 'momentum',
  dampening: 'dampening',
  nesterov: 'nesterov',
  start_factor: 'startFactor',
  total_iters: 'totalIters',
  T_max: 'tMax',
  eta_min: 'etaMin',
  warmup: 'warmup',
  total_steps: 'totalSteps',
};
const scheduleNames: Readonly<Record<string, string>> = {
  CosineAnnealingLR: 'cosine',
  LinearLR: 'linear',
  SequentialLR: 'warmupCosine',
};
const stateNames: Readonly<Record<string, string>> = {
  m: 'exp_avg',
  v: 'exp_avg_sq',
  vMax: 'max_exp_avg_sq',
  momentum: 'momentum_buffer',
};

function translate(kwargs: Readonly<Record<string, unknown>>): Record<string, number | boolean> {
  const options: Record<string, number | boolean> = {};
  for (const [name, value] of Object.entries(kwargs)) {
    if (name === 'betas') [options.beta1, options.beta2] = value as [number, number];
    else options[optionNames[name] ?? `unknown ${name}`] = value as number | boolean;
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

/** abs(a − b) ≤ tol · max(abs(b), the largest abs of that quantity so far): the contract's "close". */
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
  it.each(cases)('%s', async (name) => {
    const golden = readGolden(name);
    const patch = patchOf(golden);
    const { config } = resolveConfig([patch]);
    const names = optimizers[config.optimizer.name].stateNames(optionsOf(config.optimizer));
    const wanted = new Map(golden.steps.map((step) => [step.t, step]));
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
        names.forEach((state, k) => {
          close.check(
            state,
            step.state[k]!,
            reference.state[stateNames[state]!] as readonly number[],
            step.t,
          );
        });
      },
    });
    expect(compared).toBe(golden.steps.length);
    const torchStates = Object.keys(golden.steps[0]!.state).filter((state) => state !== 'step');
    expect(names.map((state) => stateNames[state]).sort()).toEqual(torchStates.sort());
  });
});
