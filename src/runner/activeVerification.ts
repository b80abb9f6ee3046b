import { nothingVerified, type Verification } from '../core/verify/verification';
import type { JobRequest } from '../protocol/jobProcess';
import type { Job, WorkerEvent } from '../protocol/worker';
import type { JobLauncher } from './jobProcesses';
import type { JobHandle } from './processJob';

export type VerificationJob = Extract<Job, { kind: 'verify' }>;

/**
 * The result of the verification. It is incomplete if the verification was stopped or its process had to be
 * ended.
 */
export type VerificationEnd = Verification;

/** A verification of fixes that is running in a separate process. Used by the extension host and the command line. */
export class ActiveVerification {
  /** Settles when the process has ended. Never rejects. */
  readonly ended: Promise<VerificationEnd>;
  readonly #job: JobHandle;
  #end: VerificationEnd;

  /** @param onProgress  receives the number of finished and planned runs, at most a few times per second */
  constructor(
    launcher: JobLauncher,
    request: Omit<JobRequest, 'job'> & { readonly job: VerificationJob },
    onProgress: (done: number, total: number) => void,
  ) {
    const { findings } = request.job;
    this.#end = nothingVerified(findings, false);
    this.#job = launcher.start(request, { onEvent: (event) => this.#onEvent(event, onProgress) });
    this.ended = this.#job.ended.then(() => this.#end);
  }

  stop(): void {
    this.#job.stop();
  }

  // Console output and warnings were already shown for the original run.
  #onEvent(event: WorkerEvent, onProgress: (done: number, total: number) => void): void {
    if (event.type === 'progress') onProgress(event.done, event.total);
    if (event.type === 'tried')
      this.#end = { ...this.#end, fixes: event.fixes, ofVerdict: { fixes: event.ofVerdict, refusal: null } };
    if (event.type === 'verified') {
      const { type: _, ...verification } = event;
      this.#end = verification;
    }
  }
}
