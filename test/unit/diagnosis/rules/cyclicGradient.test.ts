import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/** abs(Σg)/√Σg² from which it is no chance; steps between looks, and of the first. */
const clearly = 4;
const every = 50;
const stepsAtLeast = 100;

const bench = (patch = {}, options = {}) =>
  new RuleBench(
    'cyclic-gradient',
    { optimizer: { name: 'adam', lr: 0.3, beta2: 0.9 }, steps: 1000, ...patch },
    { isContextual: true, ...options },
  );
const uphill = { loss: 1, grad: 1, delta: 0.01 };
const downhill = { loss: 1, grad: 1, delta: -0.01 };

describe('cyclic gradient', () => {
  it('takes gradients with a direction, and a coordinate that went against it, in two looks', () => {
    const run = bench().steps(stepsAtLeast + every - 1, uphill);
    expect(run.found).toEqual([]);
    const { finding } = run.step(uphill);
    expect(finding).toMatchObject({
      severity: 'warning',
      steps: [1, 150],
      coordinates: [0],
      subject: { kind: 'option', path: ['optimizer', 'beta2'] },
      evidence: { meanGradient: 1 },
    });
    expect(finding!.evidence.moved).toBeCloseTo(1.5, 12);
    expect(finding!.evidence.strength).toBeCloseTo(Math.sqrt(150), 12);
    expect(bench().steps(400, downhill).found).toEqual([]);
    expect(bench().steps(400, { loss: 1, grad: 1 }).found).toEqual([]);
    expect(bench().steps(400, { loss: 1, grad: -1, delta: -0.01 }).found).toHaveLength(1);
  });

  it.each([
    [clearly, stepsAtLeast + every],
    [clearly - 0.2, stepsAtLeast + 2 * every],
  ])('a strength of %d at the first look: found at %d', (strength, t) => {
    // Of 100 gradients of ±1 the sum is ten times the strength; after them they are all 1.
    const up = (100 + 10 * strength) / 2;
    const run = bench().steps(400, (k) => ({ ...uphill, grad: k < 100 && k >= up ? -1 : 1 }));
    // What it says is of when it was found.
    expect(run.finding!.evidence.moved).toBeCloseTo(t * 0.01, 12);
  });

  it('is about the decay of the optimizer, and needs one', () => {
    const under = (optimizer: object) => bench({ optimizer: { lr: 0.3, ...optimizer } }).steps(400, uphill);
    expect(under({ name: 'rmsprop' }).finding!.subject).toEqual({
      kind: 'option',
      path: ['optimizer', 'alpha'],
    });
    // AdaGrad's sum forgets nothing.
    expect(under({ name: 'adagrad' }).found).toEqual([]);
  });

  it('is measured by the sum of squares', () => {
    // Four gradients alike of 400: √4 = 2, whatever their size.
    const rare = bench().steps(400, (k) => ({ loss: 1, grad: k % 100 === 0 ? 40 : 0, delta: 0.01 }));
    expect(rare.found).toEqual([]);
  });

  it('is measured from where the run began', () => {
    const run = bench()
      .step({ ...uphill, delta: -100 })
      .steps(400, uphill);
    expect(run.found).toEqual([]);
    const moved = new RuleBench(
      'cyclic-gradient',
      { optimizer: { name: 'adam' }, steps: 1000 },
      { isContextual: true },
    );
    expect(moved.step({ ...uphill, delta: 100 }).steps(200, uphill).finding!.evidence.moved).toBeGreaterThan(
      100,
    );
  });

  it('has nothing to do with where that is, or with the size of gradients', () => {
    for (const start of [-50, 50]) {
      const at = bench({}, { start: [start] }).steps(150, { ...uphill, grad: 1e-9 });
      expect(at.finding!.evidence.moved).toBeCloseTo(1.5, 9);
      expect(bench({}, { start: [start] }).steps(150, downhill).found).toEqual([]);
    }
  });

  it('is taken back when the coordinate goes downhill again', () => {
    const run = bench().steps(150, uphill);
    expect(run.steps(50, uphill).range).toEqual([1, 200]);
    expect(run.step({ ...uphill, delta: -10 }).steps(48, uphill).found).toHaveLength(1);
    expect(run.step(uphill).found).toEqual([]);
    // And takes two looks again.
    run.step({ ...uphill, delta: 20 }).steps(49, uphill);
    expect(run.found).toEqual([]);
    expect(run.steps(50, uphill).range).toEqual([1, 350]);
  });

  it('is asked again at the end', () => {
    expect(bench().steps(170, uphill).finish().range).toEqual([1, 170]);
    const back = { params: Float64Array.of(-1), loss: 1, gradNorm: 1 };
    expect(bench().steps(170, uphill).finish({ final: back }).found).toEqual([]);
    expect(bench().steps(120, uphill).finish().found).toEqual([]);
  });

  it('asks by coordinate', () => {
    const run = bench({}, { dim: 3 }).steps(150, { loss: 1, grad: [1, 2, 1], delta: [-0.01, 0.01, 0] });
    expect(run.finding).toMatchObject({ coordinates: [1], evidence: { meanGradient: 2 } });
    expect(run.finding!.evidence.strength).toBeCloseTo(Math.sqrt(150), 12);
  });

  it.each<[string, object, object]>([
    ['a loss that takes no second argument', {}, { isContextual: false }],
    ['mini-batches', { samples: 20, batch: 10 }, { stepsPerEpoch: 2 }],
    ['an optimizer that does not divide', { optimizer: { name: 'sgd' } }, {}],
  ])('has nothing to watch: %s', (_, patch, options) => {
    expect(bench(patch, options).rule).toBeNull();
  });

  it('offers what forgets less', () => {
    const patches = (optimizer: Record<string, string | number>) =>
      bench({ optimizer })
        .steps(150, uphill)
        .finding!.fixes.map(({ patch }) => patch.optimizer);
    expect(patches({ name: 'adam', lr: 0.3, beta2: 0.9 })).toEqual([
      { amsgrad: true },
      { beta2: 0.9999 },
      { name: 'sgd', lr: 0.3 },
    ]);
    expect(patches({ name: 'rmsprop', lr: 0.3 })).toEqual([{ name: 'sgd', lr: 0.3 }]);
    const { subject } = bench({ optimizer: { name: 'rmsprop' } }).steps(150, uphill).finding!;
    expect(subject).toEqual({ kind: 'option', path: ['optimizer', 'alpha'] });
  });
});
