import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Objective } from '../../../src/core/objective';
import { layoutOf, recordLength, writeRecord } from '../../../src/core/trace/layout';
import { Quantities } from '../../../src/core/trace/quantities';
import { runPhases } from '../../../src/core/trace/runPhases';
import { Trace } from '../../../src/core/trace/trace';
import { analyticObjective } from '../../support/losses';
import { runPatch } from '../../support/run';

async function phasesOf(
  patch: RunConfigPatch,
  objective: Objective,
  start: readonly number[],
  stability?: number,
) {
  const { config } = resolveConfig([patch]);
  const layout = layoutOf(config, start.length, Number.POSITIVE_INFINITY, stability !== undefined);
  const trace = new Trace(layout, start);
  await runPatch(objective, start, patch, {
    onStep(step) {
      const record = new Float64Array(recordLength(layout));
      const at = (t: number, name: string) => (name === 'stability' && t === stability ? 1e9 : Number.NaN);
      writeRecord(layout, step, record, 0, { at } as never);
      trace.append(record, 0);
    },
  });
  return runPhases(trace, new Quantities(layout, config), config).map(({ name, steps }) => [name, ...steps]);
}

const bowl: Objective = {
  dim: 2,
  gradientMode: 'provided',
  value: (p) => p[0]! ** 2 + p[1]! ** 2,
  valueAndGradient(p, grad) {
    grad[0] = 2 * p[0]!;
    grad[1] = 2 * p[1]!;
    return p[0]! ** 2 + p[1]! ** 2;
  },
};

describe('the phases of a run', () => {
  it('begin with bias correction while it halves the update at least, then the loss falls', async () => {
    const phases = await phasesOf({ steps: 1000, optimizer: { name: 'adam', lr: 0.005 } }, bowl, [3, 4]);
    // sqrt(1 - 0.999^t) passes 1/2 at t = 288, to the resolution of the sampling.
    expect(phases[0]).toEqual(['bias', 1, expect.closeTo(288, -1)]);
    expect(phases[1]![0]).toBe('descent');
  });

  it('contain the warmup of a schedule, up to its peak', async () => {
    const patch = {
      steps: 300,
      optimizer: { name: 'sgd', lr: 0.01 },
      schedule: { name: 'warmupCosine', warmup: 60, totalSteps: 300 },
    } as const;
    const phases = await phasesOf(patch, bowl, [3, 4]);
    expect(phases[0]).toEqual(['warmup', 1, 59]);
    expect(phases[1]![0]).toBe('descent');
  });

  it('contain the regime of eps where the gradient is tiny', async () => {
    const tiny = analyticObjective('toy');
    const phases = await phasesOf({ steps: 50, optimizer: { name: 'adam', lr: 0.01, eps: 1e3 } }, tiny, [0]);
    expect(phases).toEqual([['eps', 1, 50]]);
  });

  it('contain the edge of stability from the sample that reaches it to the next one', async () => {
    const phases = await phasesOf({ steps: 200, optimizer: { name: 'sgd', lr: 0.01 } }, bowl, [3, 4], 100);
    expect(phases).toEqual([
      ['descent', 1, 99],
      ['edge', 100, 200],
    ]);
  });

  it('end without progress when the loss falls no further', async () => {
    const phases = await phasesOf({ steps: 400, optimizer: { name: 'sgd', lr: 0.5 } }, bowl, [3, 4]);
    expect(phases.at(-1)![0]).toBe('still');
    expect(phases.at(-1)![2]).toBe(400);
  });
});
