import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Objective } from '../../../src/core/objective';
import {
  type RecordedSpike,
  type ReplayDiffers,
  replaySpike,
  type SpikeReplay,
  type SpikeSetting,
} from '../../../src/core/replay/spikeReplay';
import { checkpointOf } from '../../../src/core/replay/trainingState';
import { run } from '../../../src/core/runLoop';

const steps = 160;
const badStep = 80;

/** A line is fitted to two points of each step; those of one step have an error, which is `size` times as large as the others. */
function noisyFit(size: number): Objective {
  return {
    dim: 2,
    gradientMode: 'provided',
    value: () => Number.NaN,
    valueAndGradient([a = 0, b = 0], grad, open) {
      const { step } = open();
      let loss = 0;
      grad.fill(0);
      for (const k of [0, 1]) {
        const x = Math.sin(7 * step + 3 * k);
        const y = 2 * x - 1 + (step === badStep ? size : 0.1 * Math.cos(5 * step + k));
        const error = a * x + b - y;
        loss += error * error;
        grad[0]! += 2 * error * x;
        grad[1]! += 2 * error;
      }
      return loss;
    },
  };
}

const patch: RunConfigPatch = { optimizer: { name: 'adam', lr: 0.05 }, steps };

/** Trains from the start, and returns what a recording of each fourth step has of it. */
async function setting(objective: Objective, own: Partial<SpikeSetting> = {}): Promise<SpikeSetting> {
  const { config } = resolveConfig([patch]);
  const losses: [number, number][] = [];
  let from: SpikeSetting['from'] | undefined;
  await run({
    objective,
    start: Float64Array.of(0, 0),
    config,
    validation: null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer: { afterStep: ({ t, loss }) => void losses.push([t, loss]) },
    keyframes: {
      isDue: (t) => t === 60,
      take: ({ update, t }) => {
        const [m, v] = update.optimizer.state;
        from = checkpointOf(config, {
          t,
          age: t,
          params: update.params,
          states: [
            ['m', m!],
            ['v', v!],
          ],
        });
      },
    },
  });
  const recorded: RecordedSpike = {
    losses: losses.filter(([t]) => t > 60 && (t % 4 === 0 || t === 61)),
    at: badStep,
    ceiling: Math.max(
      ...losses.filter(([t]) => t > 60 && t < badStep && t % 4 === 0).map(([, loss]) => loss),
    ),
    gradNorm: 0.2,
  };
  return {
    config,
    objective,
    isContextual: true,
    from: from!,
    lrChanges: [],
    recorded,
    mayStep: () => true,
    onProgress: () => {},
    ...own,
  };
}

const isReplay = (result: SpikeReplay | ReplayDiffers | null): result is SpikeReplay =>
  result !== null && !('kind' in result);

async function replayed(own: Partial<SpikeSetting> = {}): Promise<SpikeReplay> {
  const result = await replaySpike(await setting(noisyFit(30), own));
  if (!isReplay(result)) throw new Error(JSON.stringify(result));
  return result;
}

describe('a spike that is replayed', () => {
  it('comes again without a change, at its step', async () => {
    const { unchanged, steps: made } = await replayed();
    expect(made).toEqual([61, steps]);
    expect(unchanged.peakT).toBe(badStep);
    expect(unchanged.peak).toBeGreaterThan(1000);
    expect(unchanged.high).toBeGreaterThan(10);
  });

  it('is gone without its batch, and not without the one before', async () => {
    const { trials } = await replayed();
    const without = (t: number) => trials.find(({ change }) => change.kind === 'batch' && change.t === t)!;
    expect(without(badStep)).toMatchObject({ helps: true });
    expect(without(badStep).outcome.peak).toBeLessThan(1);
    expect(without(badStep - 1)).toMatchObject({ helps: false });
    expect(trials[0]!.helps).toBe(true);
  });

  it('is shorter with clipping, although the loss of the batch stays high', async () => {
    const { trials, unchanged } = await replayed();
    const clipped = trials.find(({ change }) => change.kind === 'clip')!;
    expect(clipped.change).toEqual({ kind: 'clip', norm: 0.6 });
    expect(clipped.helps).toBe(true);
    expect(clipped.outcome.peak).toBeCloseTo(unchanged.peak, 0);
    expect(clipped.outcome.high).toBeLessThan(unchanged.high / 2);
  });

  it('is tried with smaller beta2 than it had, and without batches where it has none', async () => {
    const { config } = resolveConfig([{ ...patch, optimizer: { name: 'adam', lr: 0.05, beta2: 0.97 } }]);
    const result = await replaySpike({ ...(await setting(noisyFit(30))), config, isContextual: false });
    expect(isReplay(result) && result.trials.map(({ change }) => change.kind).sort()).toEqual([
      'beta2',
      'beta2',
      'clip',
    ]);
  });

  it('tells how far it is, and ends when it is stopped', async () => {
    const told: [number, number][] = [];
    await replayed({ onProgress: (...each) => void told.push(each) });
    expect(told).toEqual([1, 2, 3, 4, 5].map((done) => [done, 6]));
    let left = 150;
    expect(await replaySpike(await setting(noisyFit(30), { mayStep: () => left-- > 0 }))).toBeNull();
  });

  it('is tried at the recorded learning rates', async () => {
    const quiet = await replaySpike(await setting(noisyFit(30), { lrChanges: [[61, 0]] }));
    // Without steps, the loss of the batch is high, and nothing follows.
    expect(isReplay(quiet) && quiet.unchanged.level).toBeLessThan(0.1);
  });
});

describe('a replay that is not the training', () => {
  it('is refused at its first loss', async () => {
    const other = {
      ...noisyFit(30),
      valueAndGradient: (...args: Parameters<Objective['valueAndGradient']>) =>
        1.001 * (noisyFit(30).valueAndGradient(...args) as number),
    };
    const result = await replaySpike(await setting(noisyFit(30), { objective: other }));
    expect(result).toMatchObject({ kind: 'at-once', t: 61 });
  });

  it('is not refused for a difference of rounding', async () => {
    const rounded = {
      ...noisyFit(30),
      valueAndGradient: (...args: Parameters<Objective['valueAndGradient']>) =>
        Math.fround(noisyFit(30).valueAndGradient(...args) as number),
    };
    expect(isReplay(await replaySpike(await setting(noisyFit(30), { objective: rounded })))).toBe(true);
  });

  it('is refused if the spike does not come', async () => {
    const result = await replaySpike(await setting(noisyFit(30), { objective: noisyFit(0) }));
    expect(result).toMatchObject({ kind: 'no-spike', t: badStep });
  });
});

describe('a loss that is not finite', () => {
  it('counts as the highest, and a change that avoids it helps', async () => {
    const broken: Objective = {
      ...noisyFit(0),
      valueAndGradient(params, grad, open) {
        const loss = noisyFit(0).valueAndGradient(params, grad, open);
        if (open().step === badStep) grad.fill(Number.NaN);
        return loss;
      },
    };
    const given = await setting(broken);
    const losses = [...given.recorded.losses.filter(([t]) => t <= badStep), [84, Number.NaN] as const];
    const result = await replaySpike({ ...given, recorded: { ...given.recorded, losses, at: 84 } });
    if (!isReplay(result)) throw new Error(JSON.stringify(result));
    expect(result.unchanged).toMatchObject({ peak: Number.NaN, peakT: badStep + 1 });
    const help = result.trials.filter(({ helps }) => helps).map(({ change }) => change);
    expect(help).toEqual([{ kind: 'batch', t: badStep }]);
  });
});
