import { Trace } from '../core/trace/trace';
import type { LossProblem } from '../loss/problem';
import type { LoggedLine, StopHit } from '../protocol/stops';
import type { StepsWriter } from './files/runFiles';
import { restoreHistories } from './keptHistory';
import type { PickedValues } from './pickedHistory';
import { recordEvents } from './recordKeeping';
import type { Run } from './run';
import type { OpenedRun, RunControl, RunEnd, StepSource } from './stepSource';

/** The events of a run in progress for its owner. */
export interface LiveRunListener {
  /** The record of the run has changed. */
  changed(): void;
  /** The layout of the steps is known. The record must be written before them. */
  opened(): void;
  moreSteps(): void;
  console(lines: readonly string[]): void;
  /** The run has paused itself. */
  stopped(hit: StopHit): void;
  logged(lines: readonly LoggedLine[]): void;
  /** The writer of the steps of the run; null if they are not written. */
  writerFor(opened: OpenedRun): StepsWriter | null;
}

/** A run from its start to its end: writes the events of its source into the record and the trace. */
export class LiveRun {
  readonly run: Run;
  /** Whether the run evaluates a loss on this machine, so that it counts as one of the simultaneous runs. */
  readonly takesPlace: boolean;
  /** Settles when the source has reported its last event. Never rejects. */
  readonly ended: Promise<RunEnd>;
  /** Whether the user ended the run. */
  isStopped = false;
  /** Whether the run begins paused, and stops where its order says. */
  isDebugged = false;
  writer: StepsWriter | null = null;
  readonly #makeSource: () => StepSource;
  readonly #listener: LiveRunListener;
  #source: StepSource | null = null;
  readonly #picked: PickedValues[] = [];
  #end!: (end: RunEnd) => void;

  constructor(run: Run, takesPlace: boolean, makeSource: () => StepSource, listener: LiveRunListener) {
    this.run = run;
    this.takesPlace = takesPlace;
    this.#makeSource = makeSource;
    this.#listener = listener;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get isOpen(): boolean {
    return this.#source !== null;
  }

  /** Whether the run is evaluating its loss, or loading it. */
  get isGoing(): boolean {
    const { status } = this.run.record;
    return this.isOpen && (status === 'loading' || status === 'running');
  }

  get control(): RunControl | null {
    return this.#source?.control ?? null;
  }

  /** Opens the source. Called once. */
  open(): void {
    const { record } = this.run;
    record.status = 'loading';
    let source: StepSource;
    try {
      source = this.#makeSource();
    } catch (error) {
      const message = `The run could not be started: ${error instanceof Error ? error.message : String(error)}`;
      const problem = { code: 'worker-crashed', severity: 'error', message } as const;
      this.#end({
        outcome: null,
        problems: [{ ...problem, location: record.source.location }],
        expectation: null,
      });
      return;
    }
    this.#source = source;
    this.run.hasControl = source.control !== null;
    const showStack = ({ stack }: LossProblem) => {
      if (stack !== undefined) this.#listener.console(stack.trimEnd().split('\n'));
    };
    void source.ended.then((end) => {
      end.problems.forEach(showStack);
      restoreHistories(this.run, this.#picked);
      this.#end(end);
    });
    const events = recordEvents(record, () => this.#listener.changed());
    source.open({
      ...events,
      onOpened: (opened) => {
        this.run.trace = newTrace(opened);
        this.writer = this.#listener.writerFor(opened);
        events.onOpened(opened);
        if (this.isDebugged) {
          record.status = 'paused';
          this.#listener.changed();
        }
        this.#listener.opened();
      },
      onRecordingOpened: ({ layout, texts }) => {
        const unknown = layout.coordinates.map(() => Number.NaN);
        this.run.trace = new Trace(layout, unknown, { isIrregular: true });
        Object.assign(record, { layout, status: 'running', source: { ...record.source, texts } });
        this.#listener.changed();
      },
      onStopped: (hit) => this.#listener.stopped(hit),
      onLogged: (lines) => this.#listener.logged(lines),
      onRecord: (data, offset) => {
        this.run.trace?.append(data, offset);
        this.writer?.append(data, offset);
      },
      onSample: (sample) => {
        this.run.samples.push(sample);
        this.writer?.sample(sample);
      },
      onTensors: (row) => this.run.tensors?.add(row),
      onKeyframe: (keyframe) => {
        this.run.keyframes.add(keyframe);
        this.writer?.keyframe(keyframe);
      },
      // Those that the writer of the file has added: no source of this window knows any.
      onPicked: (picked) => this.#picked.push(picked),
      onSteps: () => {
        record.steps = this.run.trace?.steps ?? 0;
        this.#listener.moreSteps();
      },
      onFindings: (findings) => {
        this.run.reported = findings;
        events.onFindings(findings);
      },
      onWarning: (problem) => {
        showStack(problem);
        events.onWarning(problem);
      },
      onConsole: (lines) => this.#listener.console(lines),
    });
  }

  /** Ends the run early, even before it has started. */
  close(): void {
    if (this.#source) this.#source.close();
    else this.#end({ outcome: null, problems: [], expectation: null });
  }
}

/** An empty trace for the steps of a source. */
export function newTrace({ start, layout, stride = 1 }: OpenedRun): Trace {
  return new Trace(
    layout,
    layout.coordinates.map((c) => start[c]!),
    { stride },
  );
}
