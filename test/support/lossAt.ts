import { planRun } from '../../src/loss/plan';
import { RunJob } from '../../src/runner/runJob';
import { jobs } from './startRun';

const limits = { evaluationTimeoutMs: 30_000, memoryLimitMb: 2048 };

/** The loss of a program at a point: that of a run which does not move away from it. */
export async function lossAt(
  declaration: Parameters<typeof planRun>[0],
  params: Float64Array,
): Promise<number> {
  const still = { name: 'sgd', lr: Number.MIN_VALUE };
  const patch = { start: [...params], steps: 1, optimizer: still, schedule: null };
  const { source, config } = planRun(declaration, { below: [], above: [patch] });
  const active = new RunJob(jobs, { source, config, limits });
  active.open({});
  return (await active.ended).outcome!.final.loss;
}
