import type { RunRecord } from './runRecord';
import type { RunEnd, StepListener } from './stepSource';

type RecordEvents = Required<
  Pick<
    StepListener,
    | 'onOpened'
    | 'onGradientMode'
    | 'onDifferenceAccuracy'
    | 'onEnvironment'
    | 'onLrChange'
    | 'onFindings'
    | 'onWarning'
  >
>;

/**
 * A listener that writes the events of a source into the record of its run.
 *
 * @param changed  called after each of them
 */
export function recordEvents(record: RunRecord, changed: () => void): RecordEvents {
  return {
    onOpened: ({ start, layout, names = null, gradientMode, texts }) => {
      record.start = start;
      record.config = { ...record.config, names: record.config.names ?? names };
      record.layout = layout;
      record.gradientMode = gradientMode;
      record.source = { ...record.source, texts };
      record.status = 'running';
      changed();
    },
    onGradientMode: (mode) => {
      record.gradientMode = mode;
      changed();
    },
    onDifferenceAccuracy: (accuracy) => {
      record.differenceAccuracy = accuracy;
      changed();
    },
    onEnvironment: (environment) => {
      record.environment = environment;
      changed();
    },
    onLrChange: (t, lr) => {
      record.lrChanges = [...record.lrChanges, [t, lr]];
      changed();
    },
    onFindings: (findings) => {
      record.findings = findings;
      changed();
    },
    onWarning: (problem) => {
      record.problems = [...record.problems, problem];
      changed();
    },
  };
}

/**
 * Writes the end of a run into its record.
 *
 * @param isStopped  whether the user ended the run
 */
export function endRecord(
  record: RunRecord,
  { outcome, problems, expectation, isInterrupted, steps }: RunEnd,
  isStopped: boolean,
): void {
  record.outcome = outcome;
  record.expectation = expectation;
  record.problems = [...record.problems, ...problems];
  record.steps = outcome?.steps ?? steps ?? record.steps;
  record.stopped = outcome?.stopped ?? (isStopped ? 'user' : null);
  const hasError = record.problems.some(({ severity }) => severity === 'error');
  record.status = hasError ? 'failed' : isInterrupted ? 'interrupted' : 'finished';
}
