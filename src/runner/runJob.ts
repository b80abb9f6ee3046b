import { batchesOf } from '../core/batches';
import type { RunConfig } from '../core/config/runConfig';
import type { DiagnosisLevel } from '../core/diagnosis/diagnose';
import { ExpectationWatch } from '../core/expectation';
import type { Intervention } from '../core/interventions';
import type { LrChanges } from '../core/lrByHand';
import { recordLength, type StepLayout } from '../core/trace/layout';
import { unpackedLayout } from '../core/trace/packedLayout';
import type { JobRequest } from '../protocol/jobProcess';
import type { Stops } from '../protocol/stops';
import type { OutcomeMessage, WorkerEvent } from '../protocol/worker';
import type { OpenedRun, RunControl, RunEnd, StepListener, StepSource } from '../runs/stepSource';
import type { Ending } from './endings';
import type { JobLauncher } from './jobProcesses';
import type { JobHandle } from './processJob';
import { Progress } from './progress';

/** The request to start a run. */
export interface RunRequest extends Omit<JobRequest, 'job'> {
  readonly config: RunConfig;
  /**
   * The maximum number of bytes for the recorded coordinates over the planned steps; Infinity records all
   * coordinates.
   */
  readonly recordBudget?: number;
  /** The maximum number of bytes of all keyframes. Default: 0, for runs that are not kept. */
  readonly keyframeBudget?: number;
  /** Default: `full`. */
  readonly diagnosis?: DiagnosisLevel;
  /** The learning rates that the user set in an earlier run, which this run repeats. */
  readonly lrChanges?: LrChanges;
  /** The numbers that the user set between steps. */
  readonly interventions?: readonly Intervention[];
  /** Where the run stops; absent: it is not debugged. */
  readonly stops?: Stops;
}

const defaultRecordBudget = 128 * 2 ** 20;

/**
 * A run in a separate process, in the form of a source of steps. Used by the extension host and the command
 * line.
 */
export class RunJob implements StepSource {
  readonly control: RunControl;
  readonly ended: Promise<RunEnd>;
  readonly #config: RunConfig;
  readonly #begin: () => JobHandle;
  #resolve!: (end: RunEnd | PromiseLike<RunEnd>) => void;
  #job: JobHandle | null = null;
  #listener: StepListener = {};
  #progress: Progress | null = null;
  #recordLength = 0;
  #reported: Omit<RunEnd, 'expectation'> | null = null;
  #expectation: ExpectationWatch | null = null;
  /** Whether the loss is another function at each step, or differs between evaluations. */
  #isRandom = false;

  constructor(launcher: JobLauncher, request: RunRequest) {
    const { config, diagnosis = 'full', lrChanges, interventions, stops, ...given } = request;
    const { recordBudget = defaultRecordBudget, keyframeBudget = 0, ...rest } = given;
    this.#config = config;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.control = {
      pause: () => this.#job?.control.pause(),
      resume: () => this.#job?.control.resume(),
      step: () => this.#job?.control.step(),
      setLr: (lr) => this.#job?.control.setLr(lr),
      setStops: (stops) => this.#job?.control.setStops(stops),
    };
    this.#begin = () =>
      launcher.start(
        {
          ...rest,
          paused: rest.paused ?? stops !== undefined,
          job: {
            kind: 'run',
            config,
            recordBudget,
            keyframeBudget,
            diagnosis,
            ...(lrChanges && { lrChanges }),
            ...(interventions && { interventions }),
            ...(stops && { stops }),
          },
        },
        {
          onEvent: (event) => this.#onEvent(event),
          onRecords: (records) => this.#onRecords(records),
        },
      );
  }

  open(listener: StepListener): void {
    if (this.#job) throw new Error('a run can be opened once');
    this.#listener = listener;
    this.#job = this.#begin();
    this.#resolve(
      this.#job.ended.then((ending) => {
        const end = this.#endOf(ending);
        return {
          ...end,
          expectation: this.#expectation?.result(end.outcome, this.#isRandomAt(end.outcome)) ?? null,
        };
      }),
    );
  }

  /** Whether the loss that an expectation is about differs between two evaluations at one point: a validation loss is none of the draws. */
  #isRandomAt(outcome: OutcomeMessage | null): boolean {
    const isDrawn = this.#isRandom || outcome?.verdict.isBestLucky === true;
    return isDrawn && this.#config.validation === null;
  }

  close(): void {
    if (this.#job) this.#job.stop();
    else this.#resolve({ outcome: null, problems: [], expectation: null });
  }

  #onEvent(event: WorkerEvent): void {
    const listener = this.#listener;
    switch (event.type) {
      case 'loaded':
        this.#onLoaded({ ...event, layout: unpackedLayout(event.layout) });
        break;
      case 'gradientMode':
        listener.onGradientMode?.(event.mode);
        break;
      case 'differenceAccuracy':
        listener.onDifferenceAccuracy?.(event.accuracy);
        break;
      case 'environment':
        listener.onEnvironment?.(event.environment);
        break;
      case 'lrChange':
        listener.onLrChange?.(event.t, event.lr);
        break;
      case 'findings':
        if (event.findings.some(({ code }) => code === 'non-deterministic-loss')) this.#isRandom = true;
        listener.onFindings?.(event.findings);
        break;
      case 'sample':
        listener.onSample?.(event.sample);
        break;
      case 'keyframe':
        listener.onKeyframe?.(event.keyframe);
        break;
      case 'stopped':
        listener.onStopped?.(event.hit);
        break;
      case 'logged':
        listener.onLogged?.(event.lines);
        break;
      case 'console':
        listener.onConsole?.(event.lines);
        break;
      case 'warning':
        listener.onWarning?.(event.problem);
        break;
      case 'done':
        this.#reported = { outcome: event.outcome, problems: [] };
        break;
      case 'failed':
        this.#reported = { outcome: event.outcome, problems: event.problems };
        break;
      case 'gradient':
      case 'grid':
      case 'replay':
      case 'progress':
      case 'analysis':
      case 'tried':
      case 'verified':
      case 'spike':
        break;
      default:
        event satisfies never;
    }
  }

  #onLoaded(opened: OpenedRun): void {
    const { layout, start } = opened;
    this.#recordLength = recordLength(layout);
    this.#progress = new Progress(layout, start);
    this.#expectation = this.#expectationOn(layout);
    this.#isRandom = opened.isPerStep ?? false;
    this.#listener.onOpened?.(opened);
  }

  #onRecords(records: Float64Array): void {
    const progress = this.#progress;
    if (!progress) return;
    for (let offset = 0; offset < records.length; offset += this.#recordLength) {
      progress.onRecord(records, offset);
      this.#expectation?.onRecord(records, offset);
      this.#listener.onRecord?.(records, offset);
    }
    this.#listener.onSteps?.();
  }

  #expectationOn(layout: StepLayout): ExpectationWatch | null {
    const { expect, samples, batch, seed } = this.#config;
    return expect && new ExpectationWatch(expect, layout, batchesOf(samples, batch, seed).stepsPerEpoch);
  }

  #endOf(ending: Ending): Omit<RunEnd, 'expectation'> {
    if (this.#reported) {
      const { outcome, problems } = this.#reported;
      return { outcome: outcome ?? this.#soFar('error'), problems };
    }
    if (ending.kind === 'stopped') return { outcome: this.#soFar('user'), problems: [] };
    if (ending.kind === 'reported') return { outcome: null, problems: [] };
    return {
      outcome: this.#soFar(ending.kind === 'timeout' ? 'timeout' : 'error'),
      problems: [ending.problem],
    };
  }

  #soFar(stopped: OutcomeMessage['stopped']): OutcomeMessage | null {
    return this.#progress?.outcome(stopped) ?? null;
  }
}
