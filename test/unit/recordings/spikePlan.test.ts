import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { Finding } from '../../../src/core/diagnosis/finding';
import { decodeKeyframe, stepOfKeyframe } from '../../../src/recordings/recordedKeyframe';
import type { RecordedStep } from '../../../src/recordings/rules/rule';
import { isReplayable, type SpikePlan, type SpikeRecord, spikePlan } from '../../../src/recordings/spikePlan';
import { recording, step } from './support';

const finding = { code: 'loss-spike', steps: [50, 60] } as unknown as Finding;
const loss = resolveConfig([
  { samples: 100, batch: 10, seed: 7, optimizer: { name: 'sgd' }, schedule: { name: 'cosine' } },
]).config;

const rows: readonly RecordedStep[] = [...Array(30).keys()].map((k) =>
  step(2 * k + 2, { loss: k === 24 ? 9 : 1 + k / 100, gradNorm: 0.5, clipFactor: 1, groupLr: [0.01, 0.02] }),
);
const state = {
  t: 41,
  age: 41,
  params: new Float64Array(15),
  states: [
    ['m', new Float64Array(15)],
    ['v', new Float64Array(15)],
  ],
} as const satisfies SpikePlan['state'];

const record: SpikeRecord = { recording, state, steps: rows };
const planOf = (own: Partial<SpikeRecord> = {}) => {
  const plan = spikePlan(finding, { ...record, ...own }, loss);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
};

describe('the replay of a spike', () => {
  it('has the optimizer of the recording, and the samples of the loss', () => {
    const { config } = planOf();
    expect(config).toMatchObject({
      optimizer: { name: 'adamw', lr: 0.01, beta2: 0.999, weightDecay: 0.1 },
      groups: [{ names: ['0.bias'], lr: 0.02, beta2: 0.99, eps: 1e-6, weightDecay: 0 }],
      schedule: null,
      clip: null,
      samples: 100,
      batch: 10,
      seed: 7,
      steps: 60,
    });
  });

  it('is compared with the losses after its state, and with the usual ones before the spike', () => {
    const { recorded, names } = planOf();
    expect(names).toEqual(['0.weight[0..3][0..2]', '0.bias[0..2]']);
    expect(recorded.losses[0]).toEqual([42, 1.2]);
    expect(recorded.at).toBe(50);
    // The highest one of many may be an extreme batch.
    expect(recorded.ceiling).toBe(1.22);
    expect(recorded.gradNorm).toBe(0.5);
  });

  it('follows the recorded learning rate, on straight lines between two rows', () => {
    const steps = rows.map((row) => ({ ...row, groupLr: row.t >= 46 ? [0.75, 0.06] : [0.25, 0.02] }));
    const changes = new Map(planOf({ steps }).lrChanges);
    expect([42, 44, 45, 46, 58].map((t) => changes.get(t))).toEqual([0.25, 0.25, 0.5, 0.75, 0.75]);
  });

  it('clips at the common norm of clipped gradients', () => {
    const clipped = (t: number) => t % 4 === 0;
    const steps = rows.map((row) => (clipped(row.t) ? { ...row, gradNorm: 1, clipFactor: 0.2 } : row));
    expect(planOf({ steps }).config.clip).toEqual({ norm: 1 });
    expect(planOf({ steps }).recorded.gradNorm).toBe(2.75);
    const uneven = steps.map((row) => (row.t === 8 ? { ...row, gradNorm: 1.2 } : row));
    expect(planOf({ steps: uneven }).config.clip).toBeNull();
  });

  it.each<[string, Partial<SpikeRecord>]>([
    ['no keyframe', { state: null }],
    [
      'ran in several processes',
      { recording: { ...recording, distributed: { rank: 0, worldSize: 2, job: 'a', sharded: false } } },
    ],
    ['counts its steps differently', { state: { ...state, age: Number.NaN } }],
    ['has no formula here', { recording: { ...recording, optimizer: 'Rprop' } }],
    ['has no losses around', { steps: rows.map((row) => ({ ...row, loss: null })) }],
    ['has no finite loss before', { steps: rows.filter(({ t }) => t >= 50) }],
  ])('is refused, with the reason: %s', (reason, own) => {
    expect(spikePlan(finding, { ...record, ...own }, loss)).toContain(reason);
  });

  it('is offered for spikes and losses that are not finite', () => {
    expect(isReplayable(finding)).toBe(true);
    expect(isReplayable({ ...finding, code: 'non-finite-loss' })).toBe(true);
    expect(isReplayable({ ...finding, code: 'written-between' })).toBe(false);
  });
});

describe('a recorded keyframe', () => {
  const small = { ...recording, dim: 2 };
  const head = new Uint8Array(Float64Array.of(7, 5).buffer);
  const bytesOf = (values: ArrayBuffer) => Uint8Array.from([...head, ...new Uint8Array(values)]);

  it.each([
    ['float32', Float32Array.of(1, 2, 3, 4, 5, 6).buffer],
    ['float64', Float64Array.of(1, 2, 3, 4, 5, 6).buffer],
  ])('is read in %s', (_, values) => {
    expect(stepOfKeyframe(bytesOf(values))).toBe(7);
    expect(decodeKeyframe(bytesOf(values), small)).toEqual({
      t: 7,
      age: 5,
      params: Float64Array.of(1, 2),
      states: [
        ['m', Float64Array.of(3, 4)],
        ['v', Float64Array.of(5, 6)],
      ],
    });
  });

  it('is none if its length is another', () => {
    expect(decodeKeyframe(bytesOf(Float64Array.of(1, 2).buffer), small)).toBeNull();
  });
});
