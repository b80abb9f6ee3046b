import { encodeFrame, FrameError, FrameReader } from '../protocol/frames';
import type { HostMessage, JobRequest, ProcessMessage } from '../protocol/jobProcess';
import type { WorkerEvent } from '../protocol/worker';
import type { RunControl } from '../runs/stepSource';
import { crashed, type Ending, endingOf, endingOfExit } from './endings';
import type { Exit, JobChild } from './jobChild';
import { NativeOutput } from './nativeOutput';

/** The callbacks of a job. */
export interface JobListener {
  onEvent(event: WorkerEvent): void;
  /** Receives complete records, one after the other, in an array that no other code changes. */
  onRecords?(records: Float64Array): void;
}

/** Creates and removes the folders for the temporary files of jobs. */
export interface Folders {
  /** Creates an empty folder. */
  next(): string;
  remove(folder: string): Promise<void>;
  /** The folder for results that are kept between jobs; null for none. */
  readonly cache: string | null;
}

/** A job in progress. */
export interface JobHandle {
  readonly control: RunControl;
  /** Settles when the process has ended and its temporary files are removed. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Asks the job to stop, and ends its process if the job does not stop in time. */
  stop(): void;
}

/** How long this process may handle received messages before it returns to the event loop. */
const sliceMs = 6;
/** The process ends the job itself 400 ms after a stop. After this time, the host ends the process. */
const stopGraceMs = 800;
const silencePollMs = 500;
/** The process sends something twice a second, unless it is stopped or the machine is overloaded. */
const silenceGraceMs = 2000;
const leastSilenceMs = 5000;
/** How long the host waits for the remaining output of a process that has ended. */
const lastReadMs = 300;
/**
 * How long the host waits for the end of a process that closed its pipe (`closedMs`) or was killed
 * (`killMs`).
 */
const closedMs = 1000;
const killMs = 2000;

/**
 * A job in its process. Sends the request and the user's commands, receives events, and always ends the
 * process.
 */
export class ProcessJob implements JobHandle {
  readonly ended: Promise<Ending>;
  readonly control: RunControl = {
    pause: () => this.#send({ type: 'pause' }),
    resume: () => this.#send({ type: 'resume' }),
    step: () => this.#send({ type: 'step' }),
    setLr: (lr) => this.#send({ type: 'lr', lr }),
    setStops: (stops) => this.#send({ type: 'stops', stops }),
  };
  readonly #request: JobRequest;
  readonly #listener: JobListener;
  readonly #child: JobChild;
  readonly #output: NativeOutput;
  readonly #frames = new FrameReader();
  #ending: Ending | null = null;
  #stopTimer: NodeJS.Timeout | undefined;
  #silenceTimer: NodeJS.Timeout | undefined;
  #closedTimer: NodeJS.Timeout | undefined;
  #silentMs = 0;
  #sliceFrom = 0;

  constructor(request: JobRequest, listener: JobListener, child: JobChild, folders: Folders) {
    this.#request = request;
    this.#listener = listener;
    this.#child = child;
    this.#output = new NativeOutput(child.output, (lines) => listener.onEvent({ type: 'console', lines }));
    this.#listen();
    this.ended = this.#run(folders);
  }

  stop(): void {
    this.#send({ type: 'stop' });
    this.#stopTimer ??= setTimeout(() => this.#end({ kind: 'stopped' }), stopGraceMs);
  }

  async #run(folders: Folders): Promise<Ending> {
    const { pipe } = this.#child;
    const closed = new Promise<void>((resolve) => void pipe.once('close', resolve));
    const exited = this.#exit();
    const directory = this.#start(folders);
    const exit = await exited;
    // Output that the process wrote may still arrive. The wait has a limit, because a child process may keep
    // a pipe open.
    if (exit && !this.#ending)
      await Promise.race([Promise.all([closed, this.#output.ended]), after(lastReadMs)]);
    for (const timer of [this.#stopTimer, this.#silenceTimer, this.#closedTimer]) clearTimeout(timer);
    pipe.destroy();
    this.#output.close();
    this.#child.sweep();
    if (directory !== null) await folders.remove(directory);
    return this.#ending ?? endingOfExit(exit!, this.#output.engineDied, this.#request);
  }

  /** @returns the job's folder; null if the job could not begin */
  #start(folders: Folders): string | null {
    try {
      const directory = folders.next();
      this.#send({ type: 'start', request: this.#request, directory, cache: folders.cache });
      return directory;
    } catch (error) {
      this.#end(crashed(`the job could not begin: ${(error as Error).message}`, this.#request));
      return null;
    }
  }

  /** How the process ended; null if it did not end although it was killed. */
  #exit(): Promise<Exit | null> {
    return new Promise((resolve) => {
      void this.#child.exited.then(resolve);
      this.#onKill = () => void after(killMs).then(() => resolve(null));
    });
  }

  #onKill = () => {};

  #listen(): void {
    const { pipe } = this.#child;
    pipe.on('data', (chunk: Buffer) => this.#onChunk(chunk));
    // The cause is determined from the exit of the process.
    pipe.on('error', () => {});
    pipe.on('end', () => {
      const cause = crashed('it closed its connection', this.#request);
      this.#closedTimer = setTimeout(() => this.#end(cause), closedMs);
    });
    const longest = Math.max(leastSilenceMs, this.#request.limits.evaluationTimeoutMs + silenceGraceMs);
    const listen = () => {
      this.#silenceTimer = setTimeout(() => {
        // Checks are counted, not the time, so that the silence does not include a time in which the computer
        // was asleep.
        this.#silentMs += silencePollMs;
        if (this.#silentMs > longest) this.#end(crashed('it does not answer', this.#request));
        else listen();
      }, silencePollMs);
    };
    listen();
  }

  #onChunk(chunk: Buffer): void {
    if (this.#ending) return;
    this.#silentMs = 0;
    const now = performance.now();
    if (this.#sliceFrom === 0) {
      this.#sliceFrom = now;
      setImmediate(() => {
        this.#sliceFrom = 0;
        this.#child.pipe.resume();
      });
    }
    try {
      this.#frames.push(chunk, (message) => this.#onMessage(message as ProcessMessage));
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#end(crashed(`its messages cannot be read: ${(error as Error).message}`, this.#request));
    }
    if (performance.now() - this.#sliceFrom > sliceMs) this.#child.pipe.pause();
  }

  #onMessage(message: ProcessMessage): void {
    if (this.#ending) return;
    switch (message.type) {
      case 'alive':
        break;
      case 'event':
        this.#listener.onEvent(message.event);
        break;
      case 'records':
        this.#listener.onRecords?.(message.data);
        break;
      case 'ended':
        this.#end(endingOf(message.reason, message.detail, this.#request));
        break;
      default:
        message satisfies never;
    }
  }

  /** Ends the process. Only the first call has an effect. */
  #end(ending: Ending): void {
    if (this.#ending) return;
    this.#ending = ending;
    this.#child.kill();
    this.#onKill();
  }

  #send(message: HostMessage): void {
    if (!this.#ending && this.#child.pipe.writable) this.#child.pipe.write(encodeFrame(message));
  }
}

/** Waits for a time. The timer does not keep this process alive. */
function after(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
