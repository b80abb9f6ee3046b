import { directionOf, turnedOutcome } from '../../core/ascent';
import { batchesOf } from '../../core/batches';
import type { Finding } from '../../core/diagnosis/finding';
import { EndWatch } from '../../core/ending/endWatch';
import { RunningStep } from '../../core/expressions/runningStep';
import { plannedKeyframes } from '../../core/keyframePlan';
import { repeatedLr, watchedLr } from '../../core/lrByHand';
import { Measurements } from '../../core/measurements';
import { together } from '../../core/observers';
import { type RunOutcome, run } from '../../core/runLoop';
import { BandRecorder } from '../../core/trace/bandRecorder';
import { bandOffset, layoutOf, recordLength, writeRecord } from '../../core/trace/layout';
import { packedLayout } from '../../core/trace/packedLayout';
import { RankingRecorder } from '../../core/trace/rankingRecorder';
import type { StepView } from '../../core/update';
import type { Verdict } from '../../core/verdict/verdict';
import { verdictOf } from '../../core/verdict/verdictOf';
import { createRing, RingWriter } from '../../protocol/stepRing';
import type { Stops } from '../../protocol/stops';
import type { OutcomeMessage } from '../../protocol/worker';
import { besideLoss } from '../besideLoss';
import { RunDiagnosis } from '../runDiagnosis';
import { StopWatch } from '../stopWatch';
import type { JobEnvironment, JobOf, Post } from './job';
import { namedConfig } from './namedConfig';
import { ownOptimizerOf } from './ownOptimizer';

const ringBytes = 4 * 2 ** 20;

/**
 * Runs the optimizer. Writes every step to the ring, posts findings and epochs as events, and the outcome at
 * the end.
 */
export async function runLoss(environment: JobEnvironment, job: JobOf<'run'>): Promise<void> {
  const { source, loader, besideLoader, silence, control, post } = environment;
  const loss = await loader.load(job.config);
  const start = loss.start();
  const config = namedConfig(job.config, loss);
  const own = await ownOptimizerOf(config, start, environment);
  // The rules use the formulas of the configured optimizer, so they must not judge the steps of another one.
  const level = own && !own.isEqual ? 'off' : job.diagnosis;
  const layout = layoutOf(config, start.length, job.recordBudget, level === 'full');
  const ring = createRing(recordLength(layout), ringBytes);
  const writer = new RingWriter(ring);
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const validation = loss.validation();
  const plain = loss.objective(start.length);
  const beside =
    level === 'full' ? besideLoss({ own: plain, load: () => besideLoader.load(config), silence }) : null;
  const measurements = new Measurements();
  const debugged = job.stops
    ? debugObserver(job.stops, new RunningStep(layout, config, measurements), environment)
    : null;
  const diagnosis =
    level === 'off'
      ? null
      : new RunDiagnosis({
          loss,
          source,
          config,
          objective: plain,
          beside: beside?.objective ?? null,
          batches,
          measurements,
          silence,
          post: (event) => {
            if (event.type === 'findings') debugged?.onFindings(event.findings);
            (own ? withoutFixes(post) : post)(event);
          },
        });
  const watch = new EndWatch({
    config,
    batches,
    isContextual: loss.isContextual,
    isRandom: () => diagnosis?.isLossRandom ?? false,
    objective: beside?.objective ?? null,
    ...(beside && { saturationAt: beside.saturationAt }),
    secondsNow: () => performance.now() / 1000,
  });
  const bands = layout.bands ? new BandRecorder(layout, config) : null;
  const ranks = layout.bands ? new RankingRecorder(layout, config) : null;
  const record = (step: StepView) => {
    const offset = writer.next();
    writeRecord(layout, step, writer.data, offset, measurements);
    bands?.write(step, writer.data, offset + bandOffset(layout));
    writer.publish();
    ranks?.add(step);
    if (!bands?.isDue(step.t)) return;
    const sample = {
      t: step.t,
      ranking: ranks?.ranking(step) ?? null,
      blocks: bands.blocks,
      ...(layout.groups && { groups: bands.groups }),
    };
    post({ type: 'sample', sample });
  };

  post({ type: 'ring', ring });
  post({
    type: 'loaded',
    start: [...start],
    layout: packedLayout(layout),
    names: config.names,
    gradientMode: plain.gradientMode,
    isPerStep: loss.isContextual && config.samples === null,
    texts: loss.texts,
  });
  if (own?.problem) post({ type: 'warning', problem: own.problem });
  // A user's optimizer has a memory that only its own code knows.
  const keyframes = own
    ? null
    : plannedKeyframes(config, start.length, job.keyframeBudget, (keyframe) =>
        post({ type: 'keyframe', keyframe }),
      );
  const outcome = await run({
    objective: diagnosis?.objective ?? plain,
    start,
    config,
    validation,
    control: watchedLr(job.lrChanges ? repeatedLr(control, job.lrChanges) : control, (t, lr) =>
      post({ type: 'lrChange', t, lr }),
    ),
    ...(job.interventions && { interventions: job.interventions }),
    ...(own && { optimizer: own.optimizer }),
    ...(keyframes && { keyframes }),
    observer: together([{ afterStep: record }, watch, diagnosis ?? {}, ...(debugged ? [debugged] : [])]),
  });
  // A search needs the gradient of the loss itself.
  const right = diagnosis?.isGradientWrong ? loss.secondOpinion(start.length) : null;
  const end = await watch.end(outcome, right !== null || (diagnosis?.isLossReliable ?? true), right);
  await diagnosis?.finish(outcome, end);
  const direction = directionOf(config);
  const verdict = verdictOf(end, outcome, diagnosis?.allFindings ?? [], direction);
  const message = outcomeMessage(turnedOutcome(outcome, direction), verdict);
  if (outcome.stopped === 'error') {
    const problem = loader.problemOf(outcome.error, outcome.steps + 1);
    post({ type: 'failed', problems: [problem], outcome: message });
  } else post({ type: 'done', outcome: message });
}

/** Pauses a run that is debugged after a step at which it stops. */
function debugObserver(stops: Stops, running: RunningStep, { control, post }: JobEnvironment) {
  const watch = new StopWatch(stops);
  return {
    onFindings: (findings: readonly Finding[]) => watch.onFindings(findings),
    afterStep(step: StepView) {
      const changed = control.changedStops();
      if (changed !== null) watch.set(JSON.parse(changed) as Stops);
      running.look(step);
      const { hit, lines } = watch.afterStep(step.t, running);
      if (lines.length > 0) post({ type: 'logged', lines });
      if (!hit) return;
      control.pause();
      post({ type: 'stopped', hit });
    },
  };
}

/** A fix changes the configuration, which does not reach an optimizer that the user wrote. */
function withoutFixes(post: Post): Post {
  return (event) =>
    post(
      event.type === 'findings'
        ? { ...event, findings: event.findings.map((finding) => ({ ...finding, fixes: [] })) }
        : event,
    );
}

function outcomeMessage({ steps, stopped, final, best }: RunOutcome, verdict: Verdict): OutcomeMessage {
  return { steps, stopped, final, best, verdict };
}
