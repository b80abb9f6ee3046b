import { randomUUID } from 'node:crypto';
import { encodeFrame } from '../protocol/frames';
import type { HostMessage, JobRequest } from '../protocol/jobProcess';
import { type JobChild, startChild } from './jobChild';
import { JobFolders, sweepLeftovers } from './jobFolders';
import { type JobHandle, type JobListener, ProcessJob } from './processJob';

/** Starts jobs, each in its own process. */
export interface JobLauncher {
  start(request: JobRequest, listener: JobListener): JobHandle;
}

interface Spare {
  readonly child: JobChild;
  readonly memoryLimitMb: number;
}

/** The delay before a new spare process is started, so that it does not slow down the start of the job. */
const spareDelayMs = 1000;

/**
 * The job processes of this host. With `keepsSpare`, a process whose code is loaded and has been used waits for the next job,
 * so that the job waits neither for a process to start nor for its code to be compiled. Before its first process, removes folders and
 * processes that crashed hosts left.
 */
export class JobProcesses implements JobLauncher {
  readonly #processFile: string;
  readonly #keepsSpare: boolean;
  readonly #cache: string | null;
  readonly #live = new Set<JobChild>();
  #folders: JobFolders | null = null;
  #spare: Spare | null = null;
  #spareTimer: NodeJS.Timeout | undefined;
  #isDisposed = false;
  readonly #onExit = () => this.dispose();

  /**
   * @param processFile  the bundled code of the process; that of the thread is in the same folder
   * @param keepsSpare   whether a spare process is kept, which does not keep this process alive
   * @param cache        the folder for results that are kept between jobs; null for none
   */
  constructor(
    processFile: string,
    { keepsSpare, cache = null }: { readonly keepsSpare: boolean; readonly cache?: string | null },
  ) {
    this.#cache = cache;
    this.#processFile = processFile;
    this.#keepsSpare = keepsSpare;
    process.once('exit', this.#onExit);
  }

  start(request: JobRequest, listener: JobListener): JobHandle {
    const { memoryLimitMb } = request.limits;
    const child = this.#takeSpare() ?? this.#startChild(memoryLimitMb);
    child.hold(true);
    const job = new ProcessJob(request, listener, child, this.#ownFolders());
    void job.ended.then(() => this.#live.delete(child));
    if (this.#keepsSpare) {
      clearTimeout(this.#spareTimer);
      this.#spareTimer = setTimeout(() => this.warm(memoryLimitMb), spareDelayMs).unref();
    }
    return job;
  }

  /**
   * Starts the spare process if there is none.
   *
   * @param memoryLimitMb  the memory limit that the next job will probably have
   */
  warm(memoryLimitMb: number): void {
    if (this.#isDisposed || !this.#keepsSpare || this.#spare) return;
    const child = this.#startChild(memoryLimitMb);
    child.hold(false);
    this.#spare = { child, memoryLimitMb };
    // A process that ends at once closes its pipe; its exit is handled below.
    child.pipe.on('error', () => {});
    const rehearse: HostMessage = { type: 'rehearse', directory: this.#ownFolders().next() };
    child.pipe.write(encodeFrame(rehearse));
    void child.exited.then(() => {
      if (this.#spare?.child === child) this.#spare = null;
      this.#live.delete(child);
    });
  }

  /** Ends all processes immediately and removes the temporary folders. */
  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#spareTimer);
    process.removeListener('exit', this.#onExit);
    for (const child of this.#live) {
      child.kill();
      child.sweep();
    }
    this.#folders?.dispose();
  }

  #takeSpare(): JobChild | null {
    const child = this.#spare?.child ?? null;
    this.#spare = null;
    return child;
  }

  #startChild(memoryLimitMb: number): JobChild {
    const marker = `${this.#ownFolders().marker}-${randomUUID()}`;
    const child = startChild(this.#processFile, marker, memoryLimitMb);
    this.#live.add(child);
    return child;
  }

  #ownFolders(): JobFolders {
    if (!this.#folders) {
      sweepLeftovers();
      this.#folders = new JobFolders(this.#cache);
    }
    return this.#folders;
  }
}
