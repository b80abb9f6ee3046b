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
  /** Whole records, one after the other, in an array that nobody else changes. */
  onRecords?(records: Float64Array): void;
}

/** The folder for a job's temporary files. */
export interface Folders {
  /** Makes an empty folder. */
  next(): string;
  remove(folder: string): Promise<void>;
}

/** A job under way. */
export interface JobHandle {
  readonly control: RunControl;
  /** Settles once the process is gone and its temporary files are removed. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Asks the job to stop, and ends it if it does not. */
  stop(): void;
}

/** How long this side may read before it lets the event loop turn. */
const sliceMs = 6;
/** The process ends the job itself 400 ms after a stop; it is not waited for much longer. */
const stopGraceMs = 800;
const silencePollMs = 500;
/** The process sends something twice a second, unless it is stopped or the machine is overloaded. */
const silenceGraceMs = 2000;
const leastSilenceMs = 5000;
/** How long to wait for the remaining output of a process that has ended. */
const lastReadMs = 300;
/** How long a process that closed its pipe, or was ended by signal, may take until it is gone. */
const closedMs = 1000;
const killMs = 2000;

/** A job in its process: sends the request and the user's commands, receives events, and ends the process in every case. */
export class ProcessJob implements JobHandle {
  readonly ended: Promise<Ending>;
  readonly control: RunControl = {
    pause: () => this.#send({ type: 'pause' }),
    resume: () => this.#send({ type: 'resume' }),
    step: () => this.#send({ type: 'step' }),
    setLr: (lr) => this.#send({ type: 'lr', lr }),
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
    // Output that it wrote before it ended may still arrive. A process of the user may keep the pipe open.
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
      this.#send({ type: 'start', request: this.#request, directory });
      return directory;
    } catch (error) {
      this.#end(crashed(`the job could not begin: ${(error as Error).message}`, this.#request));
      return null;
    }
  }

  /** How the process ended; null if it did not end although it was asked to. */
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
    // The exit of the process shows what happened.
    pipe.on('error', () => {});
    pipe.on('end', () => {
      const cause = crashed('it closed its connection', this.#request);
      this.#closedTimer = setTimeout(() => this.#end(cause), closedMs);
    });
    const longest = Math.max(leastSilenceMs, this.#request.limits.evaluationTimeoutMs + silenceGraceMs);
    const listen = () => {
      this.#silenceTimer = setTimeout(() => {
        // Counted in looks, so that the silence does not include a time in which this process slept.
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

  /** Ends the process; the first reason counts. */
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

/** Does not keep this process alive: the process of the job does. */
function after(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
