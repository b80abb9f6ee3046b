import { batchesOf } from '../core/batches';
import type { RunConfig } from '../core/config/runConfig';
import type { DiagnosisLevel } from '../core/diagnosis/diagnose';
import type { Finding } from '../core/diagnosis/finding';
import { type ExpectationResult, ExpectationWatch } from '../core/expectation';
import type { GradientMethod } from '../core/objective';
import type { StepLayout } from '../core/trace/layout';
import { Trace } from '../core/trace/trace';
import type { JobLimits } from '../protocol/limits';
import { RingReader } from '../protocol/stepRing';
import type { LossProblem, LossSource, OutcomeMessage, WorkerEvent } from '../protocol/worker';
import { type Ending, WorkerJob } from './workerJob';

export interface RunRequest {
  readonly workerFile: string;
  readonly source: LossSource;
  readonly config: RunConfig;
  readonly limits: JobLimits;
  /** Bytes for the recorded coordinates over the planned steps; Infinity records every coordinate. */
  readonly recordBudget?: number;
  /** `full` if left out. */
  readonly diagnosis?: DiagnosisLevel;
  /** Begins paused, before the first step. */
  readonly paused?: boolean;
}

/** What is known once the module is loaded. */
export interface LoadedRun {
  readonly start: readonly number[];
  readonly layout: StepLayout;
  readonly gradientMode: GradientMethod;
  readonly texts: readonly (readonly [string, string])[];
}

/** How a run ended. With problems it could not go on; then the outcome tells how far it came, if it began. */
export interface RunEnd {
  readonly outcome: OutcomeMessage | null;
  readonly problems: readonly LossProblem[];
  /** What became of the config's expectation; null if it has none, or the run did not begin. */
  readonly expectation: ExpectationResult | null;
}

export interface RunListener {
  onLoaded?(loaded: LoadedRun): void;
  /** Every step, in order; the data are valid only during the call. */
  onRecord?(data: Float64Array, offset: number): void;
  /** After a batch of records went into the trace. */
  onSteps?(): void;
  /** The gradient is made in another way from here on. */
  onGradientMode?(mode: GradientMethod): void;
  onFindings?(findings: readonly Finding[]): void;
  onConsole?(lines: readonly string[]): void;
  onWarning?(problem: LossProblem): void;
}

const defaultRecordBudget = 128 * 2 ** 20;
/** How long the reading side may work before it lets the event loop turn. */
const sliceMs = 6;
const recordsAtOnce = 256;

/**
 * A run under way: the worker's steps flow into `trace`, the user's hand (pause, step, stop, lr) goes to the worker.
 * Used alike by the extension host and by the command line.
 */
export class ActiveRun {
  /** What was recorded so far; null until the module is loaded. */
  trace: Trace | null = null;
  findings: readonly Finding[] = [];
  /** Settles when the thread is gone. Never rejects. */
  readonly ended: Promise<RunEnd>;
  readonly #config: RunConfig;
  readonly #listener: RunListener;
  readonly #job: WorkerJob;
  #ring: RingReader | null = null;
  #reported: Omit<RunEnd, 'expectation'> | null = null;
  #expectation: ExpectationWatch | null = null;
  #steps = 0;

  constructor(request: RunRequest, listener: RunListener) {
    this.#config = request.config;
    this.#listener = listener;
    this.#job = new WorkerJob(
      {
        workerFile: request.workerFile,
        source: request.source,
        limits: request.limits,
        paused: request.paused ?? false,
        job: {
          kind: 'run',
          config: request.config,
          recordBudget: request.recordBudget ?? defaultRecordBudget,
          diagnosis: request.diagnosis ?? 'full',
        },
      },
      {
        onEvent: (event) => this.#onEvent(event),
        onPoll: () => this.#drain(),
        ownBytes: () => this.trace?.byteLength ?? 0,
      },
    );
    this.ended = this.#job.ended.then((ending) => {
      const end = this.#endOf(ending);
      return { ...end, expectation: this.#expectation?.result(end.outcome) ?? null };
    });
  }

  pause(): void {
    this.#job.control.pause();
  }

  resume(): void {
    this.#job.control.resume();
  }

  step(): void {
    this.#job.control.step();
  }

  stop(): void {
    this.#job.stop();
  }

  setLr(lr: number): void {
    this.#job.control.setLr(lr);
  }

  #onEvent(event: WorkerEvent): void {
    switch (event.type) {
      case 'loaded':
        this.trace = new Trace(
          event.layout,
          event.layout.coordinates.map((c) => event.start[c]!),
        );
        this.#ring = new RingReader(event.ring);
        this.#expectation = this.#expectationOn(event.layout);
        this.#listener.onLoaded?.(event);
        break;
      case 'gradientMode':
        this.#listener.onGradientMode?.(event.mode);
        break;
      case 'findings':
        this.findings = event.findings;
        this.#listener.onFindings?.(event.findings);
        break;
      case 'console':
        this.#listener.onConsole?.(event.lines);
        break;
      case 'warning':
        this.#listener.onWarning?.(event.problem);
        break;
      case 'done':
        this.#reported = { outcome: event.outcome, problems: [] };
        break;
      case 'failed':
        this.#reported = { outcome: event.outcome, problems: event.problems };
        break;
      case 'gradient':
      case 'grid':
      case 'progress':
      case 'analysis':
      case 'tried':
      case 'verified':
        break;
      default:
        event satisfies never;
    }
  }

  #drain(): boolean {
    const { trace } = this;
    if (!this.#ring || !trace) return false;
    const until = performance.now() + sliceMs;
    let more = true;
    while (more && performance.now() < until) {
      const count = this.#ring.drain(recordsAtOnce, (data, offset) => {
        trace.append(data, offset);
        this.#expectation?.onRecord(data, offset);
        this.#listener.onRecord?.(data, offset);
      });
      more = count === recordsAtOnce;
    }
    if (trace.steps > this.#steps) {
      this.#steps = trace.steps;
      this.#listener.onSteps?.();
    }
    return more;
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
    const stopped = ending.kind === 'timeout' ? 'timeout' : 'error';
    return { outcome: this.#soFar(stopped), problems: [ending.problem] };
  }

  /** What the trace knows of a run whose worker had to be ended. */
  #soFar(stopped: OutcomeMessage['stopped']): OutcomeMessage | null {
    const { trace } = this;
    if (!trace) return null;
    const params = (row: number | 'start') => {
      const all = new Float64Array(trace.layout.dim).fill(Number.NaN);
      trace.layout.coordinates.forEach((c, k) => {
        const place = trace.placeOf('params', k);
        all[c] = row === 'start' ? trace.start[k]! : row < 0 ? trace.lastAt(place) : trace.at(row, place);
      });
      return all;
    };
    const { best, steps } = trace;
    const bestRow = best.t === 0 ? 'start' : best.t === steps ? -1 : trace.rowOf(best.t);
    return {
      steps,
      stopped,
      final: {
        params: params(steps === 0 ? 'start' : -1),
        loss: Number.NaN,
        gradNorm: Number.NaN,
      },
      best: { params: params(bestRow), loss: best.loss, t: best.t },
    };
  }
}
