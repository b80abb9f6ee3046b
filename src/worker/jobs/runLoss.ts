import { batchesOf } from '../../core/batches';
import { contextAt } from '../../core/context';
import { Diagnosis } from '../../core/diagnosis/diagnose';
import { withGradientChecks } from '../../core/diagnosis/probes/gradientChecks';
import { type RunOutcome, run } from '../../core/run';
import { layoutOf, recordLength, writeRecord } from '../../core/trace/layout';
import type { StepView } from '../../core/update';
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
  const layout = layoutOf(config, start.length, job.recordBudget, job.looksAround);
  const ring = createRing(recordLength(layout), ringBytes);
  const writer = new RingWriter(ring);
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const open = (t: number, part = batches.indicesOf(t)) => contextAt(config.seed, batches, t, part);
  const plain = setting.objective(start.length);
  const diagnosis = new Diagnosis({
    config,
    dim: start.length,
    stepsPerEpoch: batches.stepsPerEpoch,
    isContextual: setting.user.loss.length > 1,
    probing: job.looksAround ? { objective: plain, open, indicesOf: batches.indicesOf } : null,
  });
  let told = diagnosis.version;
  const tellFindings = () => {
    if (diagnosis.version === told) return;
    told = diagnosis.version;
    post({ type: 'findings', findings: diagnosis.findings });
  };
  const validation = validationOf(setting, config);
  const objective = withGradientChecks({
    objective: plain,
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
  const nonFinite = new NonFiniteStep(open);
  /** After the diagnosis, which may have measured something of the step. */
  const keep = (step: StepView) => {
    writeRecord(layout, step, writer.data, writer.next());
    writer.publish();
    nonFinite.onStep(step);
    tellFindings();
  };

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
        const looking = diagnosis.onStep(step);
        return looking ? looking.then(() => keep(step)) : keep(step);
      },
    },
  });
  diagnosis.finish(outcome);
  tellFindings();
  if (outcome.stopped !== 'error') nonFinite.onFinal(outcome.final, open(outcome.steps + 1, batches.all));
  const origin = await nonFinite.origin(rewritten);
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
