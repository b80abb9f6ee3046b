import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { ProblemCode } from '../loss/problem';
import { ControlHost, createControl, phases } from '../protocol/control';
import type { JobLimits } from '../protocol/limits';
import type { Job, LossProblem, LossSource, WorkerEvent, WorkerStart } from '../protocol/worker';

const editorSettings = {
  time: 'setting adamscope.evaluationTimeoutMs',
  memory: 'setting adamscope.memoryLimitMb',
};

export interface JobRequest {
  /** The bundled worker. */
  readonly workerFile: string;
  readonly source: LossSource;
  readonly job: Job;
  readonly limits: JobLimits;
  readonly paused?: boolean;
}

/** What a job is told to do with what happens. */
export interface JobListener {
  onEvent(event: WorkerEvent): void;
  /** Called about every 10 ms, and at once again while it returns true: there is more to do. */
  onPoll(): boolean;
  /** Bytes that the process holds for the job on this side: they are not the loss's. */
  ownBytes(): number;
}

/** Why a thread ended, when it did not say so itself. */
export type Ending =
  | { readonly kind: 'reported' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'timeout' | 'memory' | 'crashed'; readonly problem: LossProblem };

/** How long a worker has to obey a stop before it is ended from outside. */
const stopGraceMs = 400;
const pollMs = 10;
const memoryPollMs = 100;

/**
 * One worker thread with one job: starts it, watches its time and memory, ends it whatever the user's code does. The
 * thread shares this process, so nothing of what it may do can be waited for without a limit.
 */
export class WorkerJob {
  readonly control: ControlHost;
  /** Settles once the thread is gone and its temporary files are removed. Never rejects. */
  readonly ended: Promise<Ending>;
  readonly #request: JobRequest;
  readonly #listener: JobListener;
  readonly #worker: Worker;
  /** A channel of the job's own: what the user's code posts to its parent is not heard. */
  readonly #channel = new MessageChannel();
  readonly #directory: string;
  readonly #baseRss = process.memoryUsage.rss();
  #resolve!: (ending: Ending) => void;
  #pollTimer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #stopTimer: NodeJS.Timeout | undefined;
  #lastBeat = 0;
  #lastBeatAt = performance.now();
  #lastMemoryAt = performance.now();
  #ending: Ending | undefined;
  #gone = false;

  constructor(request: JobRequest, listener: JobListener) {
    this.#request = request;
    this.#listener = listener;
    this.#directory = mkdtempSync(path.join(os.tmpdir(), 'adamscope-'));
    const control = createControl(request.paused ?? false);
    this.control = new ControlHost(control);
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const start: WorkerStart = {
      source: request.source,
      job: request.job,
      control,
      directory: this.#directory,
    };
    this.#worker = new Worker(request.workerFile, {
      workerData: { start, port: this.#channel.port2 },
      transferList: [this.#channel.port2],
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: request.limits.memoryLimitMb },
    });
    this.#channel.port1.on('message', (event: WorkerEvent) => this.#onEvent(event));
    this.#worker.on('error', (error: Error & { code?: string }) => {
      this.#end(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? this.#outOfMemory() : this.#crashed(error.message),
      );
    });
    this.#worker.on('exit', () => void this.#finish());
    this.#schedulePoll(false);
  }

  /** Asks the worker to stop, and ends it if it does not. */
  stop(): void {
    this.control.stop();
    this.#stopTimer ??= setTimeout(() => this.#end({ kind: 'stopped' }), stopGraceMs);
  }

  #onEvent(event: WorkerEvent): void {
    this.#listener.onEvent(event);
    if (event.type === 'loaded' || event.type === 'findings') return;
    if (event.type === 'console' || event.type === 'warning' || event.type === 'progress') return;
    if (event.type === 'gradientMode' || event.type === 'tried') return;
    // The job is over; timers of the user's may still keep the thread alive.
    this.#end({ kind: 'reported' });
  }

  #schedulePoll(atOnce: boolean): void {
    const poll = () => this.#poll();
    this.#pollTimer = atOnce ? setImmediate(poll) : setTimeout(poll, pollMs);
  }

  #poll(): void {
    const more = this.#listener.onPoll();
    this.#watchTime();
    this.#watchMemory();
    if (!this.#gone) this.#schedulePoll(more);
  }

  #watchTime(): void {
    const now = performance.now();
    const { beat, phase } = this.control;
    if (beat !== this.#lastBeat || phase !== phases.userCode) {
      this.#lastBeat = beat;
      this.#lastBeatAt = now;
      return;
    }
    const limit = this.#request.limits.evaluationTimeoutMs;
    if (now - this.#lastBeatAt <= limit) return;
    const { lossName } = this.#request.source;
    const message = `${lossName} did not return within ${limit / 1000} s and was stopped`;
    this.#end({
      kind: 'timeout',
      problem: this.#problem('timeout', message + this.#setBy('time')),
    });
  }

  #watchMemory(): void {
    const now = performance.now();
    // A thread that sleeps takes nothing: what grows meanwhile is another's.
    if (now - this.#lastMemoryAt < memoryPollMs || this.control.phase === phases.paused) return;
    this.#lastMemoryAt = now;
    const grown = process.memoryUsage.rss() - this.#baseRss - this.#listener.ownBytes();
    if (grown > this.#request.limits.memoryLimitMb * 2 ** 20) this.#end(this.#outOfMemory());
  }

  #outOfMemory(): Ending {
    const { lossName } = this.#request.source;
    const limit = this.#request.limits.memoryLimitMb;
    const message = `${lossName} used more than ${limit} MB and was stopped`;
    return { kind: 'memory', problem: this.#problem('out-of-memory', message + this.#setBy('memory')) };
  }

  #setBy(limit: 'time' | 'memory'): string {
    const where = (this.#request.limits.setBy ?? editorSettings)[limit];
    return where === null ? '' : ` (${where})`;
  }

  /** The thread ran out of things to do. In the user's code that is a promise that nothing can settle any more. */
  #endedByItself(): Ending {
    if (this.control.phase !== phases.userCode) return this.#crashed('it ended without a result');
    const { lossName } = this.#request.source;
    return {
      kind: 'crashed',
      problem: this.#problem(
        'never-settles',
        `${lossName} waits for a promise that nothing is left to settle`,
      ),
    };
  }

  #crashed(message: string): Ending {
    return { kind: 'crashed', problem: this.#problem('worker-crashed', `the worker died: ${message}`) };
  }

  #problem(code: ProblemCode, message: string): LossProblem {
    return { code, severity: 'error', message, location: this.#request.source.location };
  }

  /** Ends the thread; the first reason counts. */
  #end(ending: Ending): void {
    if (this.#ending) return;
    this.#ending = ending;
    void this.#worker.terminate();
  }

  #finish(): void {
    if (this.#gone) return;
    this.#gone = true;
    clearTimeout(this.#pollTimer as NodeJS.Timeout);
    clearImmediate(this.#pollTimer as NodeJS.Immediate);
    clearTimeout(this.#stopTimer);
    // The thread may be gone before its last words are read.
    for (let last = this.#nextEvent(); last; last = this.#nextEvent()) this.#onEvent(last);
    this.#channel.port1.close();
    while (this.#listener.onPoll());
    rmSync(this.#directory, { recursive: true, force: true });
    this.#resolve(this.#ending ?? this.#endedByItself());
  }

  #nextEvent(): WorkerEvent | undefined {
    return receiveMessageOnPort(this.#channel.port1)?.message as WorkerEvent | undefined;
  }
}
