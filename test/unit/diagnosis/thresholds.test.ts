import { describe, expect, it } from 'vitest';
import { Scripted } from './support/scripted';

/** Every line of a condition, from both sides. */
describe('divergence', () => {
  it('fires at the third step in a row with m − L0 > 10 S', () => {
    // L0 = 1, first change 1, so S = 1; m is one step behind a rising loss.
    const run = new Scripted().losses(1, 2, 5, 12, 13, 14);
    expect(run.labels).toEqual([]);
    expect(run.losses(15).labels).toEqual(['divergence']);
    expect(run.diagnosis.findings[0]!.steps).toEqual([2, 7]);
  });

  it('does not fire at 10 S', () => {
    expect(new Scripted().losses(1, 2, 5, 10.1, 10.5, 10.9, 11, 11, 11).labels).toEqual([]);
  });

  it('does not fire above 10 S unless the loss keeps growing', () => {
    expect(new Scripted().losses(1, 2, 5, 40, 40, 40, 40, 40, 40, 40).labels).toEqual([]);
  });

  it('measures with the improvement before the rise', () => {
    const run = new Scripted().losses(100, 99, 50, 50, 50, 200, 300, 400, 500, 550);
    expect(run.labels).toEqual([]);
    expect(run.losses(600, 700, 800, 900, 1000).labels).toEqual(['divergence']);
  });

  it('becomes an instability at the start when the loss is back', () => {
    const run = new Scripted().losses(1, 2, 5, 12, 13, 14, 15, 900, 3, 0.9, 0.8);
    expect(run.labels).toEqual(['instability-at-start']);
    const [finding] = run.diagnosis.findings;
    expect(finding!.severity).toBe('warning');
    expect(finding!.steps[0]).toBe(2);
    expect(finding!.evidence.peakLoss).toBe(900);
    // And it is said once.
    for (let t = 0; t < 1500; t++) run.losses(0.7 - 1e-6 * t);
    expect(run.labels).toEqual(['instability-at-start']);
  });

  it('mutes the other rules while it lasts', () => {
    const run = new Scripted().losses(1, 2, 5, 12, 13, 14, 15);
    expect(run.step({ loss: Number.NaN }).step({ loss: 20, grad: Number.NaN }).finish().labels).toEqual([
      'divergence',
    ]);
  });

  it('takes an overflow out of a rise for its own, and no other', () => {
    expect(new Scripted().losses(1, 2, 40, Number.POSITIVE_INFINITY).labels).toEqual(['divergence']);
    expect(new Scripted().losses(1, 2, 9, Number.POSITIVE_INFINITY).labels).toEqual(['non-finite-loss']);
    const byUpdate = new Scripted().losses(1, 2, 40).finish({ stopped: 'nonFinite' });
    expect(byUpdate.labels).toEqual(['divergence']);
  });

  it('tells of an overflow even if the last loss was lower', () => {
    const run = new Scripted().losses(1, 2, 5, 12, 13, 14, 15, 2, Number.NaN);
    expect(run.labels).toEqual(['divergence']);
    expect(run.diagnosis.findings[0]!.evidence.overflowStep).toBe(9);
  });

  it('does not look at changes that rounding makes', () => {
    // S is at least 64 ε L0 = 1.4e-8 here: a rise of 5e-8 is not ten of it, though 400 times the first change.
    const rounding = [1e6, 1e6 + 1.2e-10, ...Array.from({ length: 12 }, (_, i) => 1e6 + 4e-9 * i)];
    expect(new Scripted().losses(...rounding).labels).toEqual([]);
  });

  it('waits for the noise of mini-batches', () => {
    const run = new Scripted({ optimizer: { name: 'sgd' }, samples: 640, batch: 10, steps: 1000 }, 64);
    // A lucky first batch and an equal second one, then noise of ±1 whose median wanders up.
    run.losses(4.5, 4.501);
    for (let t = 0; t < 400; t++) run.losses(5 + Math.sin(t * 12.9898) + 0.001 * t);
    expect(run.labels.filter((label) => !label.startsWith('plateau'))).toEqual([]);
  });
});

describe('instability at the start', () => {
  /** A rise of `rise` at step 5, back at step 7, then down by `improvement`. */
  const jump = (rise: number, improvement: number) =>
    new Scripted({ optimizer: { name: 'sgd' }, steps: 100 })
      .losses(10, 9.9, 9.9, 9.9, 10 + rise, 10 + rise, 9.9, 9.9, 9.9)
      .losses(...Array.from({ length: 91 }, (_, i) => 9.9 - ((improvement - 0.1) * (i + 1)) / 91))
      .finish();

  it('needs a rise of more than half the improvement', () => {
    // T0 = 21: there the loss fell by 0.1 + (improvement − 0.1) 12/91.
    expect(jump(0.15, 1).labels).toEqual(['instability-at-start']);
    expect(jump(0.1, 1).labels).toEqual([]);
  });

  it('compares with what was won until twice the return', () => {
    // Back at 15: judged at 30, not at T0 = 21.
    const back = (until30: number) =>
      new Scripted({ optimizer: { name: 'sgd' }, steps: 100 })
        .losses(10, ...Array.from({ length: 12 }, () => 11))
        .losses(...Array.from({ length: 9 }, () => 9.9))
        .losses(...Array.from({ length: 8 }, () => until30))
        .losses(...Array.from({ length: 70 }, () => 0));
    expect(back(5).labels).toEqual([]);
    expect(back(9.5).labels).toEqual(['instability-at-start']);
  });

  it('looks at the first steps only', () => {
    const late = new Scripted({ optimizer: { name: 'sgd' }, steps: 100 })
      .losses(...Array.from({ length: 30 }, (_, i) => 10 - 0.01 * i))
      .losses(50, 60, 9)
      .losses(...Array.from({ length: 60 }, (_, i) => 8 - 0.01 * i))
      .finish();
    expect(late.labels).toEqual([]);
  });

  const repeat = (count: number, loss: number) => Array.from({ length: count }, () => loss);

  it('does not count what comes after T0, though it is not judged yet', () => {
    // Back at 15 and judged at 30, but T0 = 21.
    const run = new Scripted({ optimizer: { name: 'sgd' }, steps: 100 })
      .losses(10, ...repeat(12, 10.01), ...repeat(10, 9.9), 12, 12, ...repeat(75, 9.9))
      .finish();
    expect(run.labels).toEqual([]);
  });

  it('looks for as long as the optimizer remembers, and for 20 steps at least', () => {
    // N/5 = 200 of 1000 steps, 10 of 50.
    const long = new Scripted({ optimizer: { name: 'sgd' }, steps: 1000 });
    expect(long.losses(10, ...repeat(48, 9.9), 50, 50, 50, ...repeat(160, 9.9)).labels).toContain(
      'instability-at-start',
    );
    const short = new Scripted({ optimizer: { name: 'sgd' }, steps: 50 });
    expect(short.losses(10, ...repeat(13, 9.9), 50, 50, 50, ...repeat(20, 9.9)).labels).toEqual([
      'instability-at-start',
    ]);
  });

  it('does not count a single step', () => {
    const run = new Scripted({ optimizer: { name: 'sgd' }, steps: 100 });
    expect(run.losses(10, 9.9, 9.9, 9.9, 50, ...repeat(90, 9.9)).finish().labels).toEqual([]);
  });

  it('waits while the loss is above its start again', () => {
    const run = new Scripted({ optimizer: { name: 'sgd' }, steps: 100 });
    expect(run.losses(10, ...repeat(16, 5), 12, 14, 16, 18, 20, 22, 24).labels).toEqual([]);
    expect(run.losses(4, 4, 4).labels).toEqual(['instability-at-start']);
  });

  it('does not take two hard batches after a lucky one for a jump', () => {
    const batches = { optimizer: { name: 'sgd' }, samples: 300, batch: 10, steps: 300 };
    const run = new Scripted(batches, 30).losses(1, 30, 30);
    for (let t = 0; t < 200; t++) run.losses(0.9 + 0.05 * (t % 3));
    expect(run.labels.filter((label) => !label.startsWith('plateau'))).toEqual([]);
  });

  it('is not said of rises within rounding', () => {
    const flat = new Scripted({ optimizer: { name: 'sgd' }, steps: 100 })
      .losses(1e6, ...Array.from({ length: 5 }, () => 1e6 + 1e-9), ...Array.from({ length: 60 }, () => 1e6))
      .finish();
    expect(flat.labels).toEqual([]);
  });

  it('is not judged when the user stops the run', () => {
    const stopped = new Scripted({ optimizer: { name: 'sgd' }, steps: 100 })
      .losses(10, 50, 50, 9, 9, 9)
      .finish({ stopped: 'user' });
    expect(stopped.labels).toEqual([]);
  });
});

describe('non-finite values', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('loss %f, once', (loss) => {
    const run = new Scripted().losses(1, 0.9, loss, loss, 0.8).step({ loss, grad: loss }).finish();
    expect(run.labels).toEqual(['non-finite-loss']);
    expect(run.diagnosis.findings[0]!.steps).toEqual([3, 3]);
    expect(run.diagnosis.findings[0]!.severity).toBe('error');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('gradient %f, once, with its coordinate', (grad) => {
    const run = new Scripted().losses(1, 0.9).step({ loss: 0.8, grad }).step({ loss: 0.7, grad }).finish();
    expect(run.labels).toEqual(['non-finite-gradient']);
    expect(run.diagnosis.findings[0]!.coordinates).toEqual([0]);
    expect(run.diagnosis.findings[0]!.steps).toEqual([3, 3]);
  });

  it('a start outside the domain offers no learning rate', () => {
    const [finding] = new Scripted().losses(Number.NaN).diagnosis.findings;
    expect(finding!.fixes).toEqual([]);
    expect(finding!.headline).toContain('start');
  });

  it('a final point outside the domain counts, a run that threw does not', () => {
    const outside = { params: Float64Array.of(0), loss: Number.NaN, gradNorm: 0 };
    expect(new Scripted().losses(1, 0.9).finish({ final: outside }).labels).toEqual(['non-finite-loss']);
    expect(new Scripted().losses(1, 0.9).finish({ final: outside, stopped: 'error' }).labels).toEqual([]);
  });
});

describe('plateau', () => {
  const plateaus = ({ labels }: Scripted) => labels.filter((label) => label.startsWith('plateau'));
  const plateauOf = ({ diagnosis }: Scripted) => diagnosis.findings.find(({ code }) => code === 'plateau')!;

  const flat = (count: number, patch = {}) => {
    const run = new Scripted({ optimizer: { name: 'sgd' }, steps: 1000, ...patch });
    for (let t = 0; t < 100; t++) run.step({ loss: 10 - 0.05 * t, delta: 0.1 });
    for (let t = 0; t < count; t++) run.step({ loss: 5, delta: t % 2 === 0 ? 0.1 : -0.1 });
    return run;
  };

  it('takes two windows in a row', () => {
    expect(plateaus(flat(199))).toEqual([]);
    expect(plateaus(flat(200))).toEqual(['plateau:flat-valley']);
    expect(plateauOf(flat(200)).steps).toEqual([101, 300]);
  });

  it('lasts until the loss falls again', () => {
    const run = flat(400);
    for (let t = 0; t < 300; t++) run.step({ loss: 5 - 0.01 * t, delta: 0.1 });
    expect(plateauOf(run.finish()).steps).toEqual([101, 500]);
    expect(plateauOf(flat(450).finish()).steps).toEqual([101, 550]);
  });

  it('is silent while the schedule has yet to bring lr down tenfold, until 0.8 N', () => {
    const schedule = { name: 'cosine' };
    expect(plateaus(flat(600, { schedule }))).toEqual([]);
    expect(plateaus(flat(700, { schedule }))).toEqual(['plateau:flat-valley']);
    expect(plateaus(flat(200, { schedule: { ...schedule, etaMin: 5e-4 } }))).toEqual(['plateau:flat-valley']);
  });

  it('has converged where the moves are worth less than R/1000', () => {
    const moving = (delta: number) => {
      const run = new Scripted().losses(...Array.from({ length: 100 }, (_, t) => 10 - 0.05 * t));
      for (let t = 0; t < 200; t++) run.step({ loss: 5.05, delta: t % 2 === 0 ? delta : -delta });
      return plateaus(run);
    };
    // R = 4.95 and 100 steps a window: the limit is 4.95e-5 a step.
    expect(moving(4.9e-5)).toEqual(['plateau:converged']);
    expect(moving(5.0e-5)).toEqual(['plateau:flat-valley']);
  });

  it('warns of swings that are worth more than R/500 a step, and only tells of smaller ones', () => {
    const severityAt = (delta: number) => {
      const run = new Scripted().losses(...Array.from({ length: 100 }, (_, t) => 10 - 0.05 * t));
      for (let t = 0; t < 200; t++) run.step({ loss: 5.05, delta: t % 2 === 0 ? delta : -delta });
      return plateauOf(run).severity;
    };
    // R = 4.95: the limit is 0.0099 a step.
    expect(severityAt(0.0098)).toBe('info');
    expect(severityAt(0.01)).toBe('warning');
  });

  it('has converged where the moves are below rounding', () => {
    const run = new Scripted();
    for (let t = 0; t < 200; t++) run.step({ loss: 1e6, delta: t % 2 === 0 ? 1e-12 : -1e-12 });
    expect(plateaus(run)).toEqual(['plateau:converged']);
  });

  it('looks at windows of two epochs at least', () => {
    const run = new Scripted({ optimizer: { name: 'sgd' }, samples: 64, batch: 1, steps: 1000 }, 64);
    for (let t = 0; t < 259; t++) run.step({ loss: 5 + (t % 3), delta: t % 2 === 0 ? 0.1 : -0.1 });
    expect(plateaus(run)).toEqual([]);
    expect(plateaus(run.step({ loss: 5, delta: 0.1 }))).toEqual(['plateau:noise-floor']);
  });

  /** Adam to and fro on a flat loss, with √vHat = root at the end and gradients of `grad`. */
  const stalled = (grad: number, root: number, firstGrad = grad) => {
    const run = new Scripted({ optimizer: { name: 'adam' }, steps: 1000 });
    run.step({ loss: 10, grad: firstGrad });
    // v = vHat (1 − beta2^t), near enough to t = 200.
    for (let t = 0; t < 199; t++)
      run.step({ loss: 5, grad, delta: t % 2 === 0 ? 1e3 : -1e3, state: root ** 2 * 0.18 });
    return plateaus(run);
  };

  it('is held by eps where eps is more than half of what divides', () => {
    expect(stalled(1e-9, 0.9e-8)).toEqual(['plateau:eps-stall']);
    expect(stalled(1e-9, 1.2e-8)).toEqual(['plateau:converged']);
  });

  it('is not held by eps where a gradient was large once, or there is none', () => {
    expect(stalled(1e-9, 1e-9, 0.9e-6)).toEqual(['plateau:eps-stall']);
    expect(stalled(1e-9, 1e-9, 1.1e-6)).toEqual(['plateau:converged']);
    expect(stalled(0, 0)).toEqual(['plateau:converged']);
  });

  it('grows quietly', () => {
    const run = flat(200);
    const { revision } = run.diagnosis;
    for (let t = 0; t < 600; t++) run.step({ loss: 5, delta: t % 2 === 0 ? 0.1 : -0.1 });
    // The swings are told too: two findings that last.
    expect(run.diagnosis.revision - revision).toBeLessThanOrEqual(2 * 8);
  });

  /** A coordinate that goes on by `delta` a step while its gradient falls from 1 by `fall` a step. */
  const travelling = (steps: number, fall: number, delta: number, back = 0) => {
    const run = new Scripted({ optimizer: { name: 'adam' }, steps: 1000 });
    for (let t = 0; t < steps; t++)
      run.step({ loss: 10 - 1e-3 * t, grad: 1 - fall * t, delta: t % 10 < back ? -delta : delta });
    return run.labels;
  };

  it('sees that lr is too small from the first window on', () => {
    expect(travelling(99, 1e-4, -0.1)).toEqual([]);
    // ρ (N − t)/P = 1e-4 · 900 / 0.99
    expect(travelling(100, 1e-4, -0.1)).toEqual(['plateau:lr-too-small']);
  });

  it('does not if the gradient will have fallen by a third', () => {
    expect(travelling(100, 3.5e-4, -0.1)).toEqual(['plateau:lr-too-small']);
    expect(travelling(100, 3.7e-4, -0.1)).toEqual([]);
  });

  it('asks for full steps, else for a hundredth', () => {
    expect(travelling(100, 1e-4, -0.081)).toEqual(['plateau:lr-too-small']);
    expect(travelling(100, 1e-4, -0.079)).toEqual([]);
    expect(travelling(100, 1e-5, -0.079)).toEqual(['plateau:lr-too-small']);
  });

  it('asks for no more where eps keeps the steps short', () => {
    const run = (state: number) => {
      const scripted = new Scripted({ optimizer: { name: 'adam' }, steps: 1000 });
      for (let t = 0; t < 100; t++)
        scripted.step({ loss: 1e-8 - 1e-11 * t, grad: 1e-9 * (1 - 1e-4 * t), delta: -0.01, state });
      return plateaus(scripted);
    };
    expect(run(1e-24)).toEqual(['plateau:eps-stall']);
    expect(run(1)).toEqual([]);
  });

  it('asks for two windows with mini-batches', () => {
    const run = new Scripted({ optimizer: { name: 'adam' }, samples: 20, batch: 1, steps: 1000 }, 20);
    for (let t = 0; t < 199; t++) run.step({ loss: 10 - 1e-3 * t, delta: -0.1 });
    expect(run.labels).toEqual([]);
    expect(run.step({ loss: 9.8, delta: -0.1 }).labels).toEqual(['plateau:lr-too-small']);
  });

  it('asks for a straight way', () => {
    // 10 % of the steps go back: net is 0.8 of the path.
    expect(travelling(100, 1e-5, -0.11, 1)).toEqual([]);
  });
});
