import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { CoordinateLayout } from '../../../src/core/coordinates/coordinateLayout';
import { compileCondition } from '../../../src/core/expressions/compile';
import { evaluate } from '../../../src/core/expressions/evaluate';
import type { StepExpression, StepValue } from '../../../src/core/expressions/expression';
import { RecordStep } from '../../../src/core/expressions/recordStep';
import { RunningStep } from '../../../src/core/expressions/runningStep';
import { stepNamesOf } from '../../../src/core/expressions/stepNames';
import { Measurements } from '../../../src/core/measurements';
import type { Objective } from '../../../src/core/objective';
import { layoutOf, recordLength, type StepLayout, writeRecord } from '../../../src/core/trace/layout';
import { Quantities } from '../../../src/core/trace/quantities';
import { Trace } from '../../../src/core/trace/trace';
import type { StepView } from '../../../src/core/update';
import { runPatch } from '../../support/run';

const start = [-1.2, 1, 0.5, 2, -3];

/** Σ (i + 1) θ_i² */
function bowl(): Objective {
  const value = (params: Float64Array) => params.reduce((sum, each, i) => sum + (i + 1) * each ** 2, 0);
  return {
    dim: start.length,
    gradientMode: 'provided',
    value,
    valueAndGradient(params, grad) {
      params.forEach((each, i) => {
        grad[i] = 2 * (i + 1) * each;
      });
      return value(params);
    },
  };
}

interface Run {
  readonly layout: StepLayout;
  readonly quantities: Quantities;
  readonly trace: Trace;
  readonly measurements: Measurements;
  readonly config: ReturnType<typeof resolveConfig>['config'];
}

/** Runs, and calls `onStep` after each record was appended. */
async function traced(
  patch: RunConfigPatch,
  onStep: (run: Run, step: StepView) => void = () => {},
  recorded?: readonly number[],
): Promise<Run> {
  const { config } = resolveConfig([patch]);
  const whole = layoutOf(config, start.length, Number.POSITIVE_INFINITY, true);
  const layout = recorded ? { ...whole, coordinates: recorded } : whole;
  const measurements = new Measurements();
  const row = new Float64Array(recordLength(layout));
  const run: Run = {
    layout,
    config,
    measurements,
    quantities: new Quantities(layout, config),
    trace: new Trace(layout, start),
  };
  await runPatch(bowl(), start, patch, {
    onStep(step) {
      measurements.post({ t: step.t, stability: 30 + step.t, rebound: 0 });
      writeRecord(layout, step, row, 0, measurements);
      run.trace.append(row, 0);
      onStep(run, step);
    },
  });
  return run;
}

const coordinates = new CoordinateLayout(['x', 'y', 'w[0..2]'], null, start.length);

const configs: readonly (readonly [string, RunConfigPatch])[] = [
  ['adam', { steps: 12 }],
  ['adamw that maximizes', { steps: 6, maximize: true, optimizer: { name: 'adamw', weightDecay: 0.1 } }],
  ['nadam', { steps: 6, optimizer: { name: 'nadam' } }],
  ['sgd with clipping', { steps: 6, optimizer: { name: 'sgd', lr: 0.01, momentum: 0.9 }, clip: { norm: 1 } }],
  ['a one-cycle schedule', { steps: 12, schedule: { name: 'oneCycle', maxLr: 0.1, totalSteps: 12 } }],
  ['a switch', { steps: 8, switch: { to: { name: 'sgd', lr: 0.01 }, at: 4 } }],
  ['groups', { steps: 4, names: ['x', 'y', 'w[0..2]'], groups: [{ names: ['w'], lr: 0.1, beta1: 0.5 }] }],
  ['float16', { steps: 6, precision: 'float16', lossScale: 'dynamic' }],
];

describe.each(configs)('%s', (_, patch) => {
  it('a record gives an expression the values of the charts', async () => {
    const { layout, quantities, trace } = await traced(patch);
    const { values, quantities: ofCoordinates } = stepNamesOf(
      quantities,
      layout.coordinates,
      coordinates,
      'recorded',
    );
    expect(values.length + ofCoordinates.length).toBeGreaterThan(quantities.infos.length);
    const step = new RecordStep(quantities, layout);
    for (let row = 0; row < trace.rows; row++) {
      trace.read(row, (data, offset) => {
        step.look(data, offset);
        return 0;
      });
      expect(step.scalar('step')).toBe(row + 1);
      expect(step.scalar('bound')).toBe(trace.read(row, quantities.bound));
      for (const { quantity } of quantities.infos) {
        if (!quantities.isOfCoordinate(quantity)) {
          expect(step.scalar(quantity), quantity).toBe(trace.read(row, quantities.reader(quantity, 0)));
          continue;
        }
        const each = layout.coordinates.map((_, k) => trace.read(row, quantities.reader(quantity, k)));
        expect([...step.vector(quantity, 0, 4)], quantity).toEqual(each);
        expect([...step.vector(quantity, 2, 4)], quantity).toEqual(each.slice(2));
        expect(
          [0, 1, 2, 3, 4].map((c) => step.at(quantity, c)),
          quantity,
        ).toEqual(each);
        expect(step.at(quantity, 5)).toBeNaN();
        expect(step.at(quantity, 0.5)).toBeNaN();
      }
    }
  });

  it('a running step has the values of its record', async () => {
    let running: RunningStep | null = null;
    let looked = 0;
    await traced(patch, ({ layout, config, quantities, trace, measurements }, view) => {
      running ??= new RunningStep(layout, config, measurements);
      running.look(view);
      const names = stepNamesOf(running.quantities, layout.coordinates, coordinates, 'running');
      expect(names.values).not.toContain('actualChange');
      expect(names.later).toEqual(['actualChange']);
      for (const name of names.values) {
        if (name === 'step' || name === 'bound') continue;
        const inTrace = trace.read(trace.rows - 1, quantities.reader(name, 0));
        expect(running.scalar(name), name).toBe(inTrace);
        looked++;
      }
      expect(running.scalar('step')).toBe(view.t);
      expect(running.scalar('bound')).toBe(trace.read(trace.rows - 1, quantities.bound));
      for (const name of names.quantities) {
        const inTrace = layout.coordinates.map((_, k) =>
          trace.read(trace.rows - 1, quantities.reader(name, k)),
        );
        expect([...running.vector(name, 0, 4)], name).toEqual(inTrace);
        expect(running.at(name, 3), name).toBe(inTrace[3]);
        looked++;
      }
      expect(running.coordinateAt(2, 1)).toBe(3);
    });
    expect(looked).toBeGreaterThan(50);
  });
});

describe('with parameter groups', () => {
  const patch = {
    steps: 6,
    names: ['x', 'y', 'w[0..2]'],
    groups: [{ names: ['w'], lr: 0.1, beta1: 0.5 }],
  };

  it('vectors have the formulas of each group', async () => {
    const { layout, quantities, trace } = await traced(patch);
    const step = new RecordStep(quantities, layout);
    trace.read(5, (data, offset) => {
      step.look(data, offset);
      return 0;
    });
    const mHat = [...step.vector('mHat', 0, 4)];
    expect(mHat).toEqual([0, 1, 2, 3, 4].map((k) => trace.read(5, quantities.reader('mHat', k))));
    expect(mHat.some(Number.isNaN)).toBe(false);
    const names = stepNamesOf(quantities, layout.coordinates, coordinates, 'recorded');
    expect(names.values).not.toContain('bound');
  });
});

describe('with some recorded coordinates', () => {
  it('vectors and positions are those of the recorded ones', async () => {
    const { layout, quantities, trace } = await traced({ steps: 3 }, undefined, [0, 2, 4]);
    const step = new RecordStep(quantities, layout);
    trace.read(2, (data, offset) => {
      step.look(data, offset);
      return 0;
    });
    const params = [0, 1, 2].map((k) => trace.read(2, quantities.reader('params', k)));
    expect([...step.vector('params', 0, 4)]).toEqual(params);
    expect([...step.vector('params', 1, 3)]).toEqual([params[1]]);
    expect([...step.vector('snr', 3, 4)]).toEqual([trace.read(2, quantities.reader('snr', 2))]);
    expect(step.at('params', 4)).toBe(params[2]);
    expect(step.at('params', 3)).toBeNaN();
    expect([step.coordinateAt(0, 2), step.coordinateAt(1, 0), step.coordinateAt(3, 1)]).toEqual([
      4,
      2,
      Number.NaN,
    ]);
  });
});

describe('a condition of a running step', () => {
  const conditionOf = ({ quantities, layout }: Run, text: string): StepExpression => {
    const names = stepNamesOf(quantities, layout.coordinates, coordinates, 'running');
    const compiled = compileCondition(text, names);
    if ('problem' in compiled) throw new Error(compiled.problem.message);
    return compiled.expression;
  };

  it.each([
    ['loss > 2 * best && stability > limit', 0],
    ['update.x > 100 || mHat.y > 100', 2],
    ['updateNorm > 100', start.length],
  ])('%s reads the numbers of %d coordinates', async (text, coordinateCount) => {
    let reads = 0;
    let running: RunningStep | null = null;
    await traced({ steps: 3 }, (run, view) => {
      running ??= new RunningStep(run.layout, run.config, run.measurements);
      reads = 0;
      const counted = new Proxy(view, {
        get(of, name) {
          if (name === 'before') reads++;
          return of[name as keyof StepView];
        },
      });
      running.look(counted);
      expect(evaluate(conditionOf(run, text), running)).toBe(false);
    });
    expect(reads).toBe(coordinateCount);
  });

  it('has no numbers of coordinates that are not recorded', async () => {
    let running: RunningStep | null = null;
    await traced(
      { steps: 1 },
      (run, view) => {
        running = new RunningStep(run.layout, run.config, run.measurements);
        running.look(view);
      },
      [0, 2, 4],
    );
    expect([0, 1, 2, 3, 4, 5, 0.5].map((c) => Number.isNaN(running!.at('params', c)))).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
      true,
    ]);
    expect(running!.vector('params', 0, 4)).toHaveLength(3);
  });

  it('goes on from the best loss of an earlier part of the run', async () => {
    const bests: number[] = [];
    let running: RunningStep | null = null;
    await traced({ steps: 3 }, ({ layout, config }, view) => {
      running ??= new RunningStep(layout, config, null, 5);
      running.look(view);
      bests.push(running.scalar('best' satisfies StepValue));
    });
    expect(bests).toEqual([5, 5, 5]);
  });
});
