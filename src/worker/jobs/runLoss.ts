import { batchesOf } from '../../core/batches';
import { Measurements } from '../../core/measurements';
import { together } from '../../core/observers';
import { type RunOutcome, run } from '../../core/run';
import { layoutOf, recordLength, writeRecord } from '../../core/trace/layout';
import type { StepView } from '../../core/update';
import { createRing, RingWriter } from '../../protocol/stepRing';
import type { OutcomeMessage } from '../../protocol/worker';
import { problemOf } from '../problems';
import { RunDiagnosis } from '../runDiagnosis';
import { startOf, validationOf } from '../userLoss';
import type { JobOf, Setting } from './job';

const ringBytes = 4 * 2 ** 20;

/** Runs the optimizer: every step into the ring, findings and epochs as events, the outcome at the end. */
export async function runLoss(setting: Setting, job: JobOf<'run'>): Promise<void> {
  const { source, module, control, post } = setting;
  const { config, diagnosis: level } = job;
  const start = startOf(module, source, config);
  const layout = layoutOf(config, start.length, job.recordBudget, level === 'full');
  const ring = createRing(recordLength(layout), ringBytes);
  const writer = new RingWriter(ring);
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const validation = validationOf(setting, config);
  const plain = setting.objective(start.length);
  const measurements = new Measurements();
  const diagnosis =
    level === 'off' ? null : new RunDiagnosis(setting, config, level, plain, batches, measurements);
  const record = (step: StepView) => {
    writeRecord(layout, step, writer.data, writer.next(), measurements);
    writer.publish();
  };

  post({ type: 'ring', ring });
  post({
    type: 'loaded',
    start: [...start],
    layout,
    gradientMode: plain.gradientMode,
    texts: module.texts,
  });
  const outcome = await run({
    objective: diagnosis?.objective ?? plain,
    start,
    config,
    validation,
    control,
    observer: together([{ afterStep: record }, diagnosis ?? {}]),
  });
  await diagnosis?.finish(outcome);
  const message = outcomeMessage(outcome);
  if (outcome.stopped === 'error') {
    const problem = problemOf(outcome.error, source, setting.locate, outcome.steps + 1);
    post({ type: 'failed', problems: [problem], outcome: message });
  } else post({ type: 'done', outcome: message });
}

function outcomeMessage({ steps, stopped, final, best }: RunOutcome): OutcomeMessage {
  return { steps, stopped, final, best };
}
