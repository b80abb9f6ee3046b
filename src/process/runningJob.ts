import { ControlHost, createControl, phases } from '../protocol/control';
import type { EndReason, HostMessage, JobRequest, ProcessMessage } from '../protocol/jobProcess';
import { RingReader } from '../protocol/stepRing';
import { isLast, type ThreadMessage, type WorkerStart } from '../protocol/worker';
import { EvaluationWatch } from './evaluationWatch';
import type { JobThread, ThreadEnd } from './jobThread';
import { residentBytes } from './processMemory';
import { StepOutlet } from './stepOutlet';

/** The pipe to the host. */
export interface HostPipe {
  send(message: ProcessMessage): void;
  /** Whether the host has not yet received everything that was sent. */
  readonly isFull: boolean;
  /** The number of bytes that are waiting to be sent. */
  readonly waitingBytes: number;
}

const pollMs = 10;
const memoryPollMs = 50;
const aliveMs = 500;
/** How long the thread may take to stop after a stop command. */
const stopGraceMs = 400;

/**
 * A job in its process. Passes commands from the host to the thread, and events and steps from the thread to
 * the host. Checks the limits of time and memory. It never waits for the thread, so the user's code cannot
 * block it.
 */
export class RunningJob {
  readonly #limits: JobRequest['limits'];
  readonly #pipe: HostPipe;
  readonly #control: ControlHost;
  readonly #watch: EvaluationWatch;
  readonly #baseBytes = process.memoryUsage.rss();
  /** Other processes in which the user's code runs. */
  readonly #others: number[] = [];
  #outlet: StepOutlet | null = null;
  #ringBytes = 0;
  #isPaused: boolean;
  #memoryAt = 0;
  #aliveAt = 0;
  #isOver = false;

  constructor(
    request: JobRequest,
    folders: Pick<WorkerStart, 'directory' | 'cache'>,
    thread: JobThread,
    pipe: HostPipe,
  ) {
    const { source, job, limits, paused = false } = request;
    const isDebugged = job.kind === 'run' && job.stops !== undefined;
    const control = createControl(paused, isDebugged);
    this.#limits = limits;
    this.#pipe = pipe;
    this.#isPaused = paused;
    this.#control = new ControlHost(control);
    this.#watch = new EvaluationWatch(limits.evaluationTimeoutMs, performance.now());
    thread.start(
      { source, job, control, ...folders },
      (message) => this.#onMessage(message),
      (end) => this.#onThreadEnd(end),
    );
    this.#poll();
  }

  onCommand(command: Exclude<HostMessage, { type: 'start' | 'rehearse' }>): void {
    this.#isPaused =
      command.type === 'pause' ||
      command.type === 'step' ||
      (this.#isPaused && (command.type === 'lr' || command.type === 'stops'));
    switch (command.type) {
      case 'pause':
        this.#control.pause();
        break;
      case 'resume':
        this.#control.resume();
        break;
      case 'step':
        this.#control.step();
        break;
      case 'lr':
        this.#control.setLr(command.lr);
        break;
      case 'stops':
        this.#control.setStops(JSON.stringify(command.stops));
        break;
      case 'stop':
        this.#control.stop();
        setTimeout(() => this.#end('stopped'), stopGraceMs);
        break;
      default:
        command satisfies never;
    }
  }

  /** Called when the host has received everything that was sent. */
  onDrain(): void {
    if (!this.#isOver) this.#outlet?.pump();
  }

  #onMessage(message: ThreadMessage): void {
    if (this.#isOver) return;
    if (message.type === 'ring') {
      const { ring } = message;
      this.#ringBytes = ring.data.byteLength;
      this.#outlet = new StepOutlet(new RingReader(ring), ring.recordLength, {
        send: (data) => this.#pipe.send({ type: 'records', data }),
        isFull: () => this.#pipe.isFull,
      });
      return;
    }
    if (message.type === 'process') {
      this.#others.push(message.pid);
      return;
    }
    if (message.type === 'stopped') {
      this.#isPaused = true;
      // The steps up to there come first.
      this.#outlet?.flush();
    }
    if (!isLast(message)) this.#pipe.send({ type: 'event', event: message });
    else {
      // All steps must be sent before the last event. The job ends here, because timers of the user's code
      // may keep the thread alive after that event.
      this.#outlet?.flush();
      this.#pipe.send({ type: 'event', event: message });
      this.#end('reported');
    }
  }

  #onThreadEnd(end: ThreadEnd): void {
    if (end.kind === 'memory') this.#end('memory');
    else if (end.kind === 'error') this.#end('crashed', end.message);
    // A thread that ends by itself during a call into the user's code waited for a promise that can no longer
    // settle.
    else if (this.#control.phase === phases.userCode) this.#end('never-settles');
    else this.#end('crashed', 'it ended without a result');
  }

  #poll(): void {
    if (this.#isOver) return;
    this.#outlet?.pump();
    const now = performance.now();
    const { beat, phase } = this.#control;
    const activity = {
      beat,
      inUserCode: phase === phases.userCode,
      mayWait: this.#pipe.isFull || (phase === phases.paused && this.#isPaused),
    };
    if (this.#watch.isOverdue(now, activity)) this.#end('timeout');
    else if (now - this.#memoryAt >= memoryPollMs) {
      this.#memoryAt = now;
      if (this.#usedBytes() > this.#limits.memoryLimitMb * 2 ** 20) this.#end('memory');
    }
    if (now - this.#aliveAt >= aliveMs) {
      this.#aliveAt = now;
      this.#pipe.send({ type: 'alive' });
    }
    setTimeout(() => this.#poll(), pollMs);
  }

  /**
   * The memory that the job has allocated since it began, without the ring and the data that wait to be sent.
   */
  #usedBytes(): number {
    const own = process.memoryUsage.rss() - this.#baseBytes - this.#ringBytes - this.#pipe.waitingBytes;
    return this.#others.reduce((sum, pid) => sum + residentBytes(pid), own);
  }

  /** Reports the end of the job; only the first call has an effect. The host then ends this process. */
  #end(reason: EndReason, detail: string | null = null): void {
    if (this.#isOver) return;
    this.#outlet?.flush();
    this.#isOver = true;
    this.#pipe.send({ type: 'ended', reason, detail });
  }
}
