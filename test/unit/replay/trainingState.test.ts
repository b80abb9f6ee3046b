import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Objective } from '../../../src/core/objective';
import { stateNamesOf } from '../../../src/core/phases';
import { checkpointOf } from '../../../src/core/replay/trainingState';
import { type Checkpoint, run } from '../../../src/core/runLoop';

const dim = 3;
const objective: Objective = {
  dim,
  gradientMode: 'provided',
  value: () => Number.NaN,
  valueAndGradient(p, grad, open) {
    const { step } = open();
    for (let i = 0; i < dim; i++) grad[i] = 3 * (p[i]! - Math.sin(step * (i + 1))) + 0.2 * p[i]! ** 3;
    return p.reduce((sum, x) => sum + x * x, 0);
  },
};

async function lossesOf(
  patch: RunConfigPatch,
  from?: Checkpoint,
): Promise<{ losses: number[]; kept: Checkpoint }> {
  const { config } = resolveConfig([{ ...patch, steps: 60 }]);
  const losses: number[] = [];
  let kept: Checkpoint | undefined;
  await run({
    objective,
    start: Float64Array.of(1, -2, 0.5),
    config,
    validation: null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer: { afterStep: ({ loss }) => void losses.push(loss) },
    keyframes: {
      isDue: (t) => t === 40,
      take: (checkpoint) => {
        kept = checkpoint;
      },
    },
    ...(from && { from }),
  });
  return { losses, kept: kept ?? from! };
}

/** What a recorder of another program knows: the parameters, the arrays of the optimizer, and the counts. */
function seenFromOutside(patch: RunConfigPatch, { t, update }: Checkpoint): Checkpoint {
  const { config } = resolveConfig([{ ...patch, steps: 60 }]);
  const names = stateNamesOf(config);
  const states = names.flatMap((name, i) =>
    name === 'lr' || name === 'muProduct' ? [] : [[name, update.optimizer.state[i]!] as const],
  );
  return checkpointOf(config, { t, age: update.view.age, params: update.params, states });
}

const groups = [{ ranges: [[1, 2]], lr: 0.2, weightDecay: 0.1 }] as const;

describe('a run that continues from the state of another program', () => {
  it.each<[string, RunConfigPatch]>([
    ['adam', { optimizer: { name: 'adam', lr: 0.1 } }],
    ['adamw with amsgrad', { optimizer: { name: 'adamw', lr: 0.1, amsgrad: true } }],
    ['nadam', { optimizer: { name: 'nadam', lr: 0.1 } }],
    ['radam', { optimizer: { name: 'radam', lr: 0.1 } }],
    ['adamax', { optimizer: { name: 'adamax', lr: 0.1 } }],
    ['rmsprop', { optimizer: { name: 'rmsprop', lr: 0.01, momentum: 0.9, centered: true } }],
    ['adagrad', { optimizer: { name: 'adagrad', lr: 0.1, lrDecay: 0.01 } }],
    ['sgd with momentum', { optimizer: { name: 'sgd', lr: 0.01, momentum: 0.9, nesterov: true } }],
    ['groups of adam', { optimizer: { name: 'adam', lr: 0.1 }, groups }],
    ['groups of nadam', { optimizer: { name: 'nadam', lr: 0.1 }, groups }],
  ])('makes the same steps: %s', async (_, patch) => {
    const whole = await lossesOf(patch);
    const rest = await lossesOf(patch, seenFromOutside(patch, whole.kept));
    expect(rest.losses).toEqual(whole.losses.slice(40));
  });

  it('uses the age of the optimizer, not the step', async () => {
    const patch = { optimizer: { name: 'adam', lr: 0.1 } } as const;
    const whole = await lossesOf(patch);
    const state = seenFromOutside(patch, whole.kept);
    const older = { ...state, update: { ...state.update, view: { ...state.update.view, age: 4 } } };
    expect((await lossesOf(patch, older)).losses[1]).not.toBe(whole.losses[41]);
  });
});
