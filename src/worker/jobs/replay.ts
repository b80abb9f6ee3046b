import { decodeKeyframe } from '../../core/keyframe';
import { repeatedLr } from '../../core/lrByHand';
import { run } from '../../core/runLoop';
import { layoutOf, recordLength, type StepLayout, writeRecord } from '../../core/trace/layout';
import type { JobEnvironment, JobOf } from './job';
import { namedConfig } from './namedConfig';
import { ownOptimizerOf } from './ownOptimizer';

/**
 * Makes the steps of a run again, from its start or a keyframe up to one of them, and posts their records for one coordinate. The
 * steps have the bits of the run, because mini-batches and randomness depend on the seed and the step only.
 */
export async function replaySteps(environment: JobEnvironment, job: JobOf<'replay'>): Promise<void> {
  const { loader, control, post } = environment;
  const { coordinate, from, to, every, checkEvery, keyframe, lrChanges, interventions } = job;
  const loss = await loader.load(job.config);
  const start = loss.start();
  const config = namedConfig(job.config, loss);
  const own = await ownOptimizerOf(config, start, environment);
  const { bands: _, blocks: __, groups: ___, ...whole } = layoutOf(config, start.length, 0);
  const layout: StepLayout = { ...whole, coordinates: [coordinate] };
  const width = recordLength(layout);
  const records: Float64Array[] = [];
  await run({
    objective: loss.objective(start.length),
    start,
    config,
    validation: loss.validation(),
    control: repeatedLr({ mayStep: (t) => t <= to && control.mayStep(), lr: () => Number.NaN }, lrChanges),
    ...(interventions && { interventions }),
    ...(own && { optimizer: own.optimizer }),
    ...(keyframe && { from: decodeKeyframe(config, start.length, keyframe) }),
    observer: {
      afterStep(step) {
        const isWanted = step.t < from ? (step.t - 1) % checkEvery === 0 : (step.t - from) % every === 0;
        if (!isWanted || step.t > to) return;
        const record = new Float64Array(width);
        writeRecord(layout, step, record, 0);
        records.push(record);
      },
    },
  });
  const values = new Float64Array(width * records.length);
  for (const [i, record] of records.entries()) values.set(record, i * width);
  post({ type: 'replay', layout, start: start[coordinate]!, records: values });
}
