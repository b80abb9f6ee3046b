import { describe, expect, it } from 'vitest';
import { Scripted } from './support/scripted';

/** Tests each threshold from both sides. */
describe('divergence', () => {
  it('is reported at the third step in a row with m − L0 > 10 S', () => {
    // L0 = 1 and the first change is 1, so S = 1. m is one step late when the loss rises.
    const run = new Scripted().losses(1, 2, 5, 12, 13, 14);
    expect(run.labels).toEqual([]);
    expect(run.losses(15).labels).toEqual(['divergence']);
    expect(run.diagnosis.findings[0]!.steps).toEqual([2, 7]);
  });

  it('is not reported at 10 S', () => {
    expect(new Scripted().losses(1, 2, 5, 10.1, 10.5, 10.9, 11, 11, 11).labels).toEqual([]);
  });

  it('is not reported above 10 S unless the loss keeps growing', () => {
    expect(new Scripted().losses(1, 2, 5, 40, 40, 40, 40, 40, 40, 40).labels).toEqual([]);
  });

  it('measures S by the improvement before the rise', () => {
    const run = new Scripted().losses(100, 99, 50, 50, 50, 200, 300, 400, 500, 550);
    expect(run.labels).toEqual([]);
    expect(run.losses(600, 700, 800, 900, 1000).labels).toEqual(['divergence']);
  });

  it('becomes an instability at the start when the loss returns', () => {
    const run = new Scripted().losses(1, 2, 5, 12, 13, 14, 15, 900, 3, 0.9, 0.8);
    expect(run.labels).toEqual(['instability-at-start']);
    const [finding] = run.diagnosis.findings;
    expect(finding!.severity).toBe('warning');
    expect(finding!.steps[0]).toBe(2);
    expect(finding!.evidence.peakLoss).toBe(900);
    // The finding is reported once.
    for (let t = 0; t < 1500; t++) run.losses(0.7 - 1e-6 * t);
    expect(run.labels).toEqual(['instability-at-start']);
  });

  it('mutes the other rules while it lasts', () => {
    const run = new Scripted().losses(1, 2, 5, 12, 13, 14, 15);
    expect(run.step({ loss: Number.NaN }).step({ loss: 20, grad: Number.NaN }).finish().labels).toEqual([
      'divergence',
    ]);
  });

  it('includes an overflow after a rise above 10 S, but no other overflow', () => {
    expect(new Scripted().losses(1, 2, 40, Number.POSITIVE_INFINITY).labels).toEqual(['divergence']);
    expect(new Scripted().losses(1, 2, 9, Number.POSITIVE_INFINITY).labels).toEqual(['non-finite-loss']);
    const byUpdate = new Scripted().losses(1, 2, 40).finish({ stopped: 'nonFinite' });
    expect(byUpdate.labels).toEqual(['divergence']);
  });

  it('records an overflow even if the last loss was lower', () => {
    const run = new Scripted().losses(1, 2, 5, 12, 13, 14, 15, 2, Number.NaN);
    expect(run.labels).toEqual(['divergence']);
    expect(run.diagnosis.findings[0]!.evidence.overflowStep).toBe(9);
  });

  it('ignores changes within the rounding error', () => {
    // S is at least 64 ε L0 = 1.4e-8. A rise of 5e-8 is less than 10 S, although it is 400 times the first
    // change.
    const rounding = [1e6, 1e6 + 1.2e-10, ...Array.from({ length: 12 }, (_, i) => 1e6 + 4e-9 * i)];
    expect(new Scripted().losses(...rounding).labels).toEqual([]);
  });

  it('is not reported for the noise of mini-batches', () => {
    const run = new Scripted({ optimizer: { name: 'sgd' }, samples: 640, batch: 10, steps: 1000 }, 64);
    // A small loss of the first mini-batch, an equal second one, then noise of ±1 whose median increases.
    run.losses(4.5, 4.501);
    for (let t = 0; t < 400; t++) run.losses(5 + Math.sin(t * 12.9898) + 0.001 * t);
    expect(run.labels.filter((label) => !label.startsWith('plateau'))).toEqual([]);
  });
});

describe('instability at the start', () => {
  /** A rise by `rise` at step 5, a return at step 7, then an improvement by `improvement`. */
  const jump = (rise: number, improvement: number) =>
    new Scripted({ optimizer: { name: 'sgd' }, steps: 100 })
      .losses(10, 9.9, 9.9, 9.9, 10 + rise, 10 + rise, 9.9, 9.9, 9.9)
      .losses(...Array.from({ length: 91 }, (_, i) => 9.9 - ((improvement - 0.1) * (i + 1)) / 91))
      .finish();

  it('needs a rise of more than half the improvement', () => {
    // T0 = 21: the loss has fallen by 0.1 + (improvement − 0.1) 12/91 by then.
    expect(jump(0.15, 1).labels).toEqual(['instability-at-start']);
    expect(jump(0.1, 1).labels).toEqual([]);
  });

  /** The loss rests in these runs, so they are plateaus too. */
  const withoutPlateau = ({ labels }: Scripted) => labels.filter((each) => !each.startsWith('plateau'));

  it('compares with the improvement up to twice the step of the return', () => {
    // The loss returns at step 15 and is judged at step 30, not at T0 = 21.
    const back = (until30: number) =>
      new Scripted({ optimizer: { name: 'sgd' }, steps: 100 })
        .losses(10, ...Array.from({ length: 12 }, () => 11))
        .losses(...Array.from({ length: 9 }, () => 9.9))
        .losses(...Array.from({ length: 8 }, () => until30))
        .losses(...Array.from({ length: 70 }, () => 0));
    expect(withoutPlateau(back(5))).toEqual([]);
    expect(withoutPlateau(back(9.5))).toEqual(['instability-at-start']);
  });

  it('considers the first steps only', () => {
    const late = new Scripted({ optimizer: { name: 'sgd' }, steps: 100 })
      .losses(...Array.from({ length: 30 }, (_, i) => 10 - 0.01 * i))
      .losses(50, 60, 9)
      .losses(...Array.from({ length: 60 }, (_, i) => 8 - 0.01 * i))
      .finish();
    expect(late.labels).toEqual([]);
  });

  const repeat = (count: number, loss: number) => Array.from({ length: count }, () => loss);

  it('does not count a rise after T0, even before it is judged', () => {
    // The loss returns at step 15 and is judged at step 30, but T0 = 21.
    const run = new Scripted({ optimizer: { name: 'sgd' }, steps: 100 })
      .losses(10, ...repeat(12, 10.01), ...repeat(10, 9.9), 12, 12, ...repeat(75, 9.9))
      .finish();
    expect(withoutPlateau(run)).toEqual([]);
  });

  it('considers the memory of the optimizer, and at least 20 steps', () => {
    // N/5 is 200 of 1000 steps, and 10 of 50.
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
    expect(withoutPlateau(run.losses(10, 9.9, 9.9, 9.9, 50, ...repeat(90, 9.9)).finish())).toEqual([]);
  });

  it('is not reported while the loss is above its start again', () => {
    const run = new Scripted({ optimizer: { name: 'sgd' }, steps: 100 });
    expect(run.losses(10, ...repeat(16, 5), 12, 14, 16, 18, 20, 22, 24).labels).toEqual([]);
    expect(run.losses(4, 4, 4).labels).toEqual(['instability-at-start']);
  });

  it('is not reported for two large losses of mini-batches after a small one', () => {
    const batches = { optimizer: { name: 'sgd' }, samples: 300, batch: 10, steps: 300 };
    const run = new Scripted(batches, 30).losses(1, 30, 30);
    for (let t = 0; t < 200; t++) run.losses(0.9 + 0.05 * (t % 3));
    expect(run.labels.filter((label) => !label.startsWith('plateau'))).toEqual([]);
  });

  it('is not reported for a rise within the rounding error', () => {
    const flat = new Scripted({ optimizer: { name: 'sgd' }, steps: 100 })
      .losses(1e6, ...Array.from({ length: 5 }, () => 1e6 + 1e-9), ...Array.from({ length: 60 }, () => 1e6))
      .finish();
    expect(withoutPlateau(flat)).toEqual([]);
  });

  it('is not judged when the user stops the run', () => {
    const stopped = new Scripted({ optimizer: { name: 'sgd' }, steps: 100 })
      .losses(10, 50, 50, 9, 9, 9)
      .finish({ stopped: 'user' });
    expect(stopped.labels).toEqual([]);
  });
});

describe('non-finite values', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'a loss of %f is reported once',
    (loss) => {
      const run = new Scripted().losses(1, 0.9, loss, loss, 0.8).step({ loss, grad: loss }).finish();
      expect(run.labels).toEqual(['non-finite-loss']);
      expect(run.diagnosis.findings[0]!.steps).toEqual([3, 3]);
      expect(run.diagnosis.findings[0]!.severity).toBe('error');
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'a gradient of %f is reported once, with its coordinate',
    (grad) => {
      const run = new Scripted().losses(1, 0.9).step({ loss: 0.8, grad }).step({ loss: 0.7, grad }).finish();
      expect(run.labels).toEqual(['non-finite-gradient']);
      expect(run.diagnosis.findings[0]!.coordinates).toEqual([0]);
      expect(run.diagnosis.findings[0]!.steps).toEqual([3, 3]);
    },
  );

  it('a start outside the domain gets no fix of the learning rate', () => {
    const [finding] = new Scripted().losses(Number.NaN).diagnosis.findings;
    expect(finding!.fixes).toEqual([]);
    expect(finding!.headline).toContain('start');
  });

  it('a final point outside the domain is reported, unless the run threw', () => {
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

  it('is reported after two windows in a row', () => {
    expect(plateaus(flat(199))).toEqual([]);
    expect(plateaus(flat(200))).toEqual(['plateau:flat-valley']);
    expect(plateauOf(flat(200)).steps).toEqual([101, 300]);
  });

  it('is withdrawn if the loss falls again by more than a hundredth of its decrease', () => {
    const thenFalling = (rate: number) => {
      const run = flat(400);
      for (let t = 0; t < 300; t++) run.step({ loss: 5 - rate * t, delta: 0.1 });
      return run.finish();
    };
    expect(plateaus(thenFalling(0.01))).toEqual([]);
    expect(plateauOf(thenFalling(1e-4)).steps).toEqual([101, 500]);
    expect(plateauOf(flat(450).finish()).steps).toEqual([101, 550]);
  });

  it('is not reported while the schedule will still reduce lr tenfold, up to 0.8 N', () => {
    const schedule = { name: 'cosine' };
    expect(plateaus(flat(600, { schedule }))).toEqual([]);
    expect(plateaus(flat(700, { schedule }))).toEqual(['plateau:flat-valley']);
    expect(plateaus(flat(200, { schedule: { ...schedule, etaMin: 5e-4 } }))).toEqual(['plateau:flat-valley']);
  });

  it('has class converged when the effect of the moves is less than R/1000', () => {
    const moving = (delta: number) => {
      const run = new Scripted().losses(...Array.from({ length: 100 }, (_, t) => 10 - 0.05 * t));
      for (let t = 0; t < 200; t++) run.step({ loss: 5.05, delta: t % 2 === 0 ? delta : -delta });
      return plateaus(run);
    };
    // R = 4.95, and a window has 100 steps: the limit is 4.95e-5 per step.
    expect(moving(4.9e-5)).toEqual(['plateau:converged']);
    expect(moving(5.0e-5)).toEqual(['plateau:flat-valley']);
  });

  it('has severity warning when the oscillations have an effect of more than R/500 per step, else info', () => {
    const severityAt = (delta: number) => {
      const run = new Scripted().losses(...Array.from({ length: 100 }, (_, t) => 10 - 0.05 * t));
      for (let t = 0; t < 200; t++) run.step({ loss: 5.05, delta: t % 2 === 0 ? delta : -delta });
      return plateauOf(run).severity;
    };
    // R = 4.95: the limit is 0.0099 per step.
    expect(severityAt(0.0098)).toBe('info');
    expect(severityAt(0.01)).toBe('warning');
  });

  it('has class converged when the moves are below the rounding error', () => {
    const run = new Scripted();
    for (let t = 0; t < 200; t++) run.step({ loss: 1e6, delta: t % 2 === 0 ? 1e-12 : -1e-12 });
    expect(plateaus(run)).toEqual(['plateau:converged']);
  });

  it('uses windows of at least two epochs', () => {
    const run = new Scripted({ optimizer: { name: 'sgd' }, samples: 64, batch: 1, steps: 1000 }, 64);
    for (let t = 0; t < 259; t++) run.step({ loss: 5 + (t % 3), delta: t % 2 === 0 ? 0.1 : -0.1 });
    expect(plateaus(run)).toEqual([]);
    expect(plateaus(run.step({ loss: 5, delta: 0.1 }))).toEqual(['plateau:noise-floor']);
  });

  /** Adam oscillates on a flat loss, with √vHat = root at the end and gradients of `grad`. */
  const stalled = (grad: number, root: number, firstGrad = grad) => {
    const run = new Scripted({ optimizer: { name: 'adam' }, steps: 1000 });
    run.step({ loss: 10, grad: firstGrad });
    // v = vHat (1 − beta2^t), approximately, at t = 200.
    for (let t = 0; t < 199; t++)
      run.step({ loss: 5, grad, delta: t % 2 === 0 ? 1e3 : -1e3, state: root ** 2 * 0.18 });
    return plateaus(run);
  };

  it('has class eps-stall when eps is more than half of the divisor', () => {
    expect(stalled(1e-9, 0.9e-8)).toEqual(['plateau:eps-stall']);
    expect(stalled(1e-9, 1.2e-8)).toEqual(['plateau:converged']);
  });

  it('does not speak of a decrease where eps holds the run at its start', () => {
    const headlineAfter = (startLoss: number) => {
      const run = new Scripted({ optimizer: { name: 'adam' }, steps: 1000 });
      run.step({ loss: startLoss, grad: 1e-20 });
      for (let t = 0; t < 199; t++)
        run.step({ loss: 5, grad: 1e-20, delta: t % 2 === 0 ? 1e3 : -1e3, state: 1e-40 });
      return run.diagnosis.findings.find(({ code }) => code === 'plateau')?.headline;
    };
    expect(headlineAfter(5)).toBe(
      'The loss has not improved since the start because eps limits the step size.',
    );
    expect(headlineAfter(10)).toBe('The loss has stopped improving because eps limits the step size.');
  });

  it('does not have class eps-stall if a gradient was large once, or there is none', () => {
    expect(stalled(1e-9, 1e-9, 0.9e-6)).toEqual(['plateau:eps-stall']);
    expect(stalled(1e-9, 1e-9, 1.1e-6)).toEqual(['plateau:converged']);
    expect(stalled(0, 0)).toEqual(['plateau:converged']);
  });

  it('extends its range at increasing intervals', () => {
    const run = flat(200);
    const { revision } = run.diagnosis;
    for (let t = 0; t < 600; t++) run.step({ loss: 5, delta: t % 2 === 0 ? 0.1 : -0.1 });
    // Oscillation is reported too: two findings are extended.
    expect(run.diagnosis.revision - revision).toBeLessThanOrEqual(2 * 8);
  });

  /** A coordinate that moves by `delta` a step while its gradient falls from 1 by `fall` a step. */
  const travelling = (steps: number, fall: number, delta: number, back = 0) => {
    const run = new Scripted({ optimizer: { name: 'adam' }, steps: 1000 });
    for (let t = 0; t < steps; t++)
      run.step({ loss: 10 - 1e-3 * t, grad: 1 - fall * t, delta: t % 10 < back ? -delta : delta });
    return run.labels;
  };

  it('has class lr-too-small from the first window on', () => {
    expect(travelling(99, 1e-4, -0.1)).toEqual([]);
    // ρ (N − t)/P = 1e-4 · 900 / 0.99
    expect(travelling(100, 1e-4, -0.1)).toEqual(['plateau:lr-too-small']);
  });

  it('does not have this class if the gradient will have fallen by a third', () => {
    expect(travelling(100, 3.5e-4, -0.1)).toEqual(['plateau:lr-too-small']);
    expect(travelling(100, 3.7e-4, -0.1)).toEqual([]);
  });

  it('needs steps of almost the length lr for this class, or a reach below a hundredth', () => {
    expect(travelling(100, 1e-4, -0.081)).toEqual(['plateau:lr-too-small']);
    expect(travelling(100, 1e-4, -0.079)).toEqual([]);
    expect(travelling(100, 1e-5, -0.079)).toEqual(['plateau:lr-too-small']);
  });

  it('does not need such steps where eps limits their length', () => {
    const run = (state: number) => {
      const scripted = new Scripted({ optimizer: { name: 'adam' }, steps: 1000 });
      for (let t = 0; t < 100; t++)
        scripted.step({ loss: 1e-8 - 1e-11 * t, grad: 1e-9 * (1 - 1e-4 * t), delta: -0.01, state });
      return plateaus(scripted);
    };
    expect(run(1e-24)).toEqual(['plateau:eps-stall']);
    expect(run(1)).toEqual([]);
  });

  it('needs two windows with mini-batches', () => {
    const run = new Scripted({ optimizer: { name: 'adam' }, samples: 20, batch: 1, steps: 1000 }, 20);
    for (let t = 0; t < 199; t++) run.step({ loss: 10 - 1e-3 * t, delta: -0.1 });
    expect(run.labels).toEqual([]);
    expect(run.step({ loss: 9.8, delta: -0.1 }).labels).toEqual(['plateau:lr-too-small']);
  });

  it('needs moves in one direction', () => {
    // 10 % of the steps go backward: net is 0.8 of the path.
    expect(travelling(100, 1e-5, -0.11, 1)).toEqual([]);
  });
});
