import { randomUUID } from 'node:crypto';
import type { JobRequest } from '../protocol/jobProcess';
import { type JobChild, startChild } from './jobChild';
import { JobFolders, sweepLeftovers } from './jobFolders';
import { type JobHandle, type JobListener, ProcessJob } from './processJob';

/** Starts jobs: one process each. */
export interface JobLauncher {
  start(request: JobRequest, listener: JobListener): JobHandle;
}

interface Spare {
  readonly child: JobChild;
  readonly memoryLimitMb: number;
}

/** A spare process is started once the job that took the last one has had the processor for itself. */
const spareDelayMs = 1000;

/**
 * The job processes of this host. With a spare, a process whose code is loaded waits for the next job, so that a job does
 * not wait for a process to start. Removes at its start what hosts left that crashed.
 */
export class JobProcesses implements JobLauncher {
  readonly #processFile: string;
  readonly #keepsSpare: boolean;
  readonly #live = new Set<JobChild>();
  #folders: JobFolders | null = null;
  #spare: Spare | null = null;
  #spareTimer: NodeJS.Timeout | undefined;
  #isDisposed = false;
  readonly #onExit = () => this.dispose();

  /**
   * @param processFile  the bundled process; the bundled thread stands beside it
   * @param keepsSpare   whether a process is kept ready; it does not keep this process alive
   */
  constructor(processFile: string, { keepsSpare }: { readonly keepsSpare: boolean }) {
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
   * Makes the spare process ready, if it is not yet.
   *
   * @param memoryLimitMb  that the next job is likely to have
   */
  warm(memoryLimitMb: number): void {
    if (this.#isDisposed || !this.#keepsSpare || this.#spare) return;
    const child = this.#startChild(memoryLimitMb);
    child.hold(false);
    this.#spare = { child, memoryLimitMb };
    void child.exited.then(() => {
      if (this.#spare?.child === child) this.#spare = null;
      this.#live.delete(child);
    });
  }

  /** Ends every process at once and removes the temporary folders. */
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
      this.#folders = new JobFolders();
    }
    return this.#folders;
  }
}
