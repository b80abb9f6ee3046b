import * as v from 'valibot';
import type { Run } from '../runs/run';

/** What the numbers of an answer rest on. */
export const measured = v.object({
  steps: v.pipe(v.number(), v.description('the steps that were made')),
  plannedSteps: v.nullable(
    v.pipe(v.number(), v.description('the steps of the configuration; null for a recording')),
  ),
  seed: v.nullable(v.number()),
  gradient: v.nullable(
    v.pipe(v.string(), v.description('how the gradient was computed: exact, provided or finite-difference')),
  ),
  gradientBy: v.nullable(
    v.pipe(v.string(), v.description('what computed it for a loss in Python, for example torch autograd')),
  ),
  stopped: v.nullable(
    v.pipe(v.string(), v.description('why the run ended; "user" also if a limit of this tool ended it')),
  ),
  cutBy: v.nullable(
    v.pipe(
      v.picklist(['maxSteps', 'maxSeconds']),
      v.description('the limit that shortened the run; null if none did, or it is not known'),
    ),
  ),
  recordedSteps: v.pipe(v.number(), v.description('the steps whose values are in memory')),
  seconds: v.number(),
});

export type CutBy = v.InferInput<typeof measured>['cutBy'];

const cuts = new WeakMap<Run, CutBy>();

/** Notes the limit that shortened a run of the session. */
export function noteCut(run: Run, cutBy: CutBy): void {
  cuts.set(run, cutBy);
}

export function measuredOf(run: Run): v.InferInput<typeof measured> {
  const { config, recording, gradientMode, environment, stopped, elapsedMs } = run.record;
  return {
    steps: run.steps,
    plannedSteps: recording ? null : config.steps,
    seed: recording ? null : config.seed,
    gradient: gradientMode,
    gradientBy: gradientMode === 'exact' ? (environment?.gradientBy ?? null) : null,
    stopped,
    cutBy: cuts.get(run) ?? null,
    recordedSteps: run.trace?.rows ?? 0,
    seconds: Math.round(elapsedMs) / 1000,
  };
}

/** "Measured: 2000 steps, seed 0, exact gradient." */
export function measuredSentence(run: Run): string {
  const { steps, plannedSteps, seed, gradient, cutBy, recordedSteps } = measuredOf(run);
  const cut =
    cutBy === 'maxSteps'
      ? ' (maxSteps shortened the run)'
      : cutBy === 'maxSeconds'
        ? ` of ${plannedSteps} (maxSeconds ended the run)`
        : '';
  const parts = [
    `${steps} steps${cut}`,
    ...(recordedSteps < steps ? [`${recordedSteps} of them recorded`] : []),
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(gradient === null ? [] : [`${gradient} gradient`]),
  ];
  return `Measured: ${parts.join(', ')}.`;
}
