import { describe, expect, it } from 'vitest';
import { RuleBench } from '../support/ruleBench';

/**
 * The least abs(Σg)/√Σg² that cannot be chance, the steps between two checks, and the step of the first
 * check.
 */
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
  it('is reported when, at two checks, the gradients agree and the coordinate has moved against the descent direction', () => {
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
  ])('with a strength of %d at the first check, is reported at step %d', (strength, t) => {
    // The sum of 100 gradients of ±1 is ten times the strength. All later gradients are 1.
    const up = (100 + 10 * strength) / 2;
    const run = bench().steps(400, (k) => ({ ...uphill, grad: k < 100 && k >= up ? -1 : 1 }));
    // The evidence is that of the step at which the finding was reported.
    expect(run.finding!.evidence.moved).toBeCloseTo(t * 0.01, 12);
  });

  it('refers to the decay option of the optimizer, and needs one', () => {
    const under = (optimizer: object) => bench({ optimizer: { lr: 0.3, ...optimizer } }).steps(400, uphill);
    expect(under({ name: 'rmsprop' }).finding!.subject).toEqual({
      kind: 'option',
      path: ['optimizer', 'alpha'],
    });
    // AdaGrad's sum never decays.
    expect(under({ name: 'adagrad' }).found).toEqual([]);
  });

  it('measures the strength relative to the root of the sum of squares', () => {
    // Only four of 400 gradients are nonzero: the strength is √4 = 2, whatever their size.
    const rare = bench().steps(400, (k) => ({ loss: 1, grad: k % 100 === 0 ? 40 : 0, delta: 0.01 }));
    expect(rare.found).toEqual([]);
  });

  it('measures the distance from the start of the run', () => {
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

  it('depends neither on the start nor on the size of the gradients', () => {
    for (const start of [-50, 50]) {
      const at = bench({}, { start: [start] }).steps(150, { ...uphill, grad: 1e-9 });
      expect(at.finding!.evidence.moved).toBeCloseTo(1.5, 9);
      expect(bench({}, { start: [start] }).steps(150, downhill).found).toEqual([]);
    }
  });

  it('is withdrawn when the coordinate moves downhill again', () => {
    const run = bench().steps(150, uphill);
    expect(run.steps(50, uphill).range).toEqual([1, 200]);
    expect(run.step({ ...uphill, delta: -10 }).steps(48, uphill).found).toHaveLength(1);
    expect(run.step(uphill).found).toEqual([]);
    // The finding is reported again only after two checks.
    run.step({ ...uphill, delta: 20 }).steps(49, uphill);
    expect(run.found).toEqual([]);
    expect(run.steps(50, uphill).range).toEqual([1, 350]);
  });

  it('is checked again at the end of the run', () => {
    expect(bench().steps(170, uphill).finish().range).toEqual([1, 170]);
    const back = { params: Float64Array.of(-1), loss: 1, gradNorm: 1 };
    expect(bench().steps(170, uphill).finish({ final: back }).found).toEqual([]);
    expect(bench().steps(120, uphill).finish().found).toEqual([]);
  });

  it('is checked for each coordinate separately', () => {
    const run = bench({}, { dim: 3 }).steps(150, { loss: 1, grad: [1, 2, 1], delta: [-0.01, 0.01, 0] });
    expect(run.finding).toMatchObject({ coordinates: [1], evidence: { meanGradient: 2 } });
    expect(run.finding!.evidence.strength).toBeCloseTo(Math.sqrt(150), 12);
  });

  it.each<[string, object, object]>([
    ['a loss that takes no second argument', {}, { isContextual: false }],
    ['mini-batches', { samples: 20, batch: 10 }, { stepsPerEpoch: 2 }],
    ['an optimizer that does not divide', { optimizer: { name: 'sgd' } }, {}],
  ])('does not apply: %s', (_, patch, options) => {
    expect(bench(patch, options).rule).toBeNull();
  });

  it('proposes options with a slower decay', () => {
    const patches = (optimizer: Record<string, string | number>) =>
      bench({ optimizer })
        .steps(150, uphill)
        .finding!.fixes.map(({ patch }) => patch!.optimizer);
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
