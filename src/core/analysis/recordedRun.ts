import { resolveConfig } from '../config/resolve';
import type { RunConfig, RunConfigPatch } from '../config/runConfig';
import type { Objective } from '../objective';
import type { OwnRuns } from '../ownOptimizer/ownRuns';
import { type RunOutcome, run } from '../runLoop';
import type { StepView } from '../update';
import { type AnalysisProgress, Cancelled } from './analysis';

/** The inputs that all runs of an analysis have in common. */
export interface RunSetting {
  readonly objective: Objective;
  /** theta_0, shape [dim]. */
  readonly start: Float64Array;
  readonly validation: Objective['value'] | null;
  /** The user's optimizer, which makes the steps of configurations that name it. */
  readonly own?: OwnRuns | null;
  readonly progress: AnalysisProgress;
}

/** A run and its curve. */
export interface RecordedRun {
  readonly config: RunConfig;
  readonly outcome: RunOutcome;
  /**
   * Pairs of t and the loss at step t. With mini-batches: pairs of t and the watched loss (validation loss,
   * or loss over all samples) after each epoch.
   */
  readonly curve: Float64Array;
}

/** The number of steps between two checks for cancellation. */
const stepsAtOnce = 256;

/**
 * Runs a configuration and keeps its losses. If the loss throws after the first step, the run ends, and the
 * outcome holds the error.
 *
 * @throws Cancelled  if the user cancelled
 * @throws what the loss throws at the start
 */
export async function recordRun(
  { objective, start, validation, progress, own = null }: RunSetting,
  config: RunConfig,
  [done, total]: readonly [number, number],
  onStep: (step: StepView) => void = () => {},
): Promise<RecordedRun> {
  const steps: number[] = [];
  const epochs: number[] = [];
  const optimizer = await own?.optimizer(config.optimizer);
  const outcome = await run({
    ...(optimizer && { optimizer }),
    objective,
    start,
    config,
    validation,
    control: {
      mayStep: (t) => t % stepsAtOnce !== 1 || progress.went(done, total),
      lr: () => Number.NaN,
    },
    observer: {
      onStep(step) {
        steps.push(step.t, step.loss);
        onStep(step);
      },
      onEpoch: ({ t, watched }) => epochs.push(t, watched),
    },
  });
  if (outcome.stopped === 'user') throw new Cancelled();
  if (outcome.stopped === 'error' && outcome.steps === 0) throw outcome.error;
  return { config, outcome, curve: Float64Array.from(epochs.length > 0 ? epochs : steps) };
}

/** The configuration with a patch applied; null if the result is invalid. */
export function changed(config: RunConfig, patch: RunConfigPatch): RunConfig | null {
  const resolved = resolveConfig([config as RunConfigPatch, patch]);
  return resolved.problems.length > 0 ? null : resolved.config;
}
