import type { VerifiedFixes } from '../core/verify/verifyFixes';
import type { Job, WorkerEvent } from '../protocol/worker';
import { type JobRequest, WorkerJob } from './workerJob';

export type VerificationJob = Extract<Job, { kind: 'verify' }>;

export interface VerificationEnd {
  /** For every finding of the job the fixes that are known to help, best first. */
  readonly fixes: VerifiedFixes;
  /** false if it was stopped, or its thread had to be ended: then not every fix was tried. */
  readonly isComplete: boolean;
}

/** Fixes being tried in a worker of its own. Used alike by the extension host and by the command line. */
export class ActiveVerification {
  /** Settles when the thread is gone. Never rejects. */
  readonly ended: Promise<VerificationEnd>;
  readonly #job: WorkerJob;
  #end: VerificationEnd;

  /** @param onProgress  told runs done and planned, a few times a second at most */
  constructor(
    request: Omit<JobRequest, 'job'> & { readonly job: VerificationJob },
    onProgress: (done: number, total: number) => void,
  ) {
    this.#end = { fixes: request.job.findings.map(() => []), isComplete: false };
    this.#job = new WorkerJob(request, {
      onEvent: (event) => this.#onEvent(event, onProgress),
      onPoll: () => false,
      ownBytes: () => 0,
    });
    this.ended = this.#job.ended.then(() => this.#end);
  }

  stop(): void {
    this.#job.stop();
  }

  // What the loss writes to the console, and what is to be warned of, the run has told already.
  #onEvent(event: WorkerEvent, onProgress: (done: number, total: number) => void): void {
    if (event.type === 'progress') onProgress(event.done, event.total);
    if (event.type === 'tried') this.#end = { fixes: event.fixes, isComplete: false };
    if (event.type === 'verified') this.#end = { fixes: event.fixes, isComplete: event.isComplete };
  }
}
