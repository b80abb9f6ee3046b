import { batchesOf } from '../../core/batches';
import { contextAt } from '../../core/context';
import { withGradientChecks } from '../../core/diagnosis/checks/gradientChecks';
import { Diagnosis } from '../../core/diagnosis/diagnose';
import { type RunOutcome, run } from '../../core/run';
import { layoutOf, recordLength, writeRecord } from '../../core/trace/layout';
import { createRing, RingWriter } from '../../protocol/stepRing';
import type { OutcomeMessage } from '../../protocol/worker';
import { NonFiniteStep } from '../nonFiniteOrigin';
import { problemOf } from '../problems';
import { startOf, validationOf } from '../userLoss';
import type { JobOf, Setting } from './job';

const ringBytes = 4 * 2 ** 20;

/** Runs the optimizer: every step into the ring, findings and epochs as events, the outcome at the end. */
export async function runLoss(setting: Setting, job: JobOf<'run'>): Promise<void> {
  const { source, module, rewritten, control, post } = setting;
  const { config } = job;
  const start = startOf(module, source, config);
  const layout = layoutOf(config, start.length, job.recordBudget);
  const ring = createRing(recordLength(layout), ringBytes);
  const writer = new RingWriter(ring);
  const { stepsPerEpoch } = batchesOf(config.samples, config.batch, config.seed);
  const diagnosis = new Diagnosis({ config, dim: start.length, stepsPerEpoch });
  let told = diagnosis.version;
  const tellFindings = () => {
    if (diagnosis.version === told) return;
    told = diagnosis.version;
    post({ type: 'findings', findings: diagnosis.findings });
  };
  const validation = validationOf(setting, config);
  const objective = withGradientChecks({
    objective: setting.objective(start.length),
    config,
    exact:
      rewritten && source.gradientExport !== null && config.gradientMode !== 'exact'
        ? rewritten.objective(start.length)
        : null,
    report: (finding) => {
      diagnosis.post(finding);
      tellFindings();
    },
  });
  const nonFinite = new NonFiniteStep();

  post({
    type: 'loaded',
    start: [...start],
    layout,
    gradientMode: objective.gradientMode,
    ring,
    texts: module.texts,
  });
  const outcome = await run({
    objective,
    start,
    config,
    validation,
    control,
    observer: {
      onStep(step) {
        writeRecord(layout, step, writer.data, writer.next());
        writer.publish();
        diagnosis.onStep(step);
        nonFinite.onStep(step);
        tellFindings();
      },
    },
  });
  diagnosis.finish(outcome);
  tellFindings();
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const origin = await nonFinite.origin(rewritten, (t) =>
    contextAt(config.seed, batches, t, batches.indicesOf(t)),
  );
  if (origin) diagnosis.locateNonFinite(origin.location, origin.words);
  tellFindings();
  const message = outcomeMessage(outcome);
  if (outcome.stopped === 'error') {
    const problem = problemOf(outcome.error, source, setting.locate, outcome.steps + 1);
    post({ type: 'failed', problems: [problem], outcome: message });
  } else post({ type: 'done', outcome: message });
}

function outcomeMessage({ steps, stopped, final, best }: RunOutcome): OutcomeMessage {
  return { steps, stopped, final, best };
}
