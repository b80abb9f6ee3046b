/**
 * The boundary between the host of a job (the extension host or the command line) and the process that runs the user's
 * code. Messages travel as frames (frames.ts) over one pipe that is open in both directions, file descriptor 3 in the
 * process. The host sends `start` once, then commands. The process sends events and records, and `ended` as its last
 * message. It then waits until the host ends it by signal; it ends itself if the pipe closes.
 */
import type { LossSource } from '../loss/source';
import type { Job, WorkerEvent } from './worker';

export interface JobLimits {
  /** How long one call into the user's code may take, import included. */
  readonly evaluationTimeoutMs: number;
  /** How much the process may grow by while the job runs, heap and typed arrays together. */
  readonly memoryLimitMb: number;
  /** Where the user sets the two, for the message when one is reached; without it the editor's settings. */
  readonly setBy?: { readonly time: string | null; readonly memory: string | null };
}

/** A job for a process: the loss to load, the work to do, and the limits. */
export interface JobRequest {
  readonly source: LossSource;
  readonly job: Job;
  readonly limits: JobLimits;
  /** Begins paused, before the first step. */
  readonly paused?: boolean;
}

export type HostMessage =
  | {
      readonly type: 'start';
      readonly request: JobRequest;
      /** An empty folder for the modules that are generated from the user's. */
      readonly directory: string;
    }
  | { readonly type: 'pause' | 'resume' | 'step' | 'stop' }
  | { readonly type: 'lr'; readonly lr: number };

/** The reason why a job ended, from its process. `reported`: the last event contains it. */
export type EndReason = 'reported' | 'stopped' | 'timeout' | 'memory' | 'never-settles' | 'crashed';

export type ProcessMessage =
  /** Sent at least twice a second while a job is under way. */
  | { readonly type: 'alive' }
  | { readonly type: 'event'; readonly event: WorkerEvent }
  /** Whole records, one after the other. */
  | { readonly type: 'records'; readonly data: Float64Array }
  /** `detail` only for a crash: its cause, if known. */
  | { readonly type: 'ended'; readonly reason: EndReason; readonly detail: string | null };
