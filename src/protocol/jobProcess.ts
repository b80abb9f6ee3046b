/**
 * The boundary between the host of a job (the extension host or the command line) and the process that runs the user's
 * code. Messages travel as frames (frames.ts) over one pipe that is open in both directions, file descriptor 3 in the
 * process. To a process that waits for a job, the host may send `rehearse`. It sends `start` once, then commands. The process sends events and records, and `ended` as its last
 * message. It then waits until the host ends it by signal; it ends itself if the pipe closes.
 */
import type { LossSource } from '../loss/source';
import type { Stops } from './stops';
import type { Job, WorkerEvent } from './worker';

export interface JobLimits {
  /** The time limit for one call into the user's code, including the import of its modules. */
  readonly evaluationTimeoutMs: number;
  /** How much the memory of the process may grow while the job runs, including the heap and typed arrays. */
  readonly memoryLimitMb: number;
  /**
   * How the user sets the two limits, for the message when one is reached. Default: the editor's settings.
   */
  readonly setBy?: { readonly time: string | null; readonly memory: string | null };
}

/** A job for a process: the loss to load, the work to do, and the limits. */
export interface JobRequest {
  readonly source: LossSource;
  readonly job: Job;
  readonly limits: JobLimits;
  /** Whether the run is paused before its first step. */
  readonly paused?: boolean;
}

export type HostMessage =
  /** Prepares the code of the thread for a job: see `worker/rehearsal.ts`. The process removes the folder. */
  | { readonly type: 'rehearse'; readonly directory: string }
  | {
      readonly type: 'start';
      readonly request: JobRequest;
      /** An empty folder for the modules that are generated from the user's modules. */
      readonly directory: string;
      /** The folder for results that are kept between jobs; null for none. */
      readonly cache: string | null;
    }
  | { readonly type: 'pause' | 'resume' | 'step' | 'stop' }
  | { readonly type: 'lr'; readonly lr: number }
  /** Replaces the stops of a run that is debugged. */
  | { readonly type: 'stops'; readonly stops: Stops };

/** The reason why a job ended, from its process. `reported`: the last event contains it. */
export type EndReason = 'reported' | 'stopped' | 'timeout' | 'memory' | 'never-settles' | 'crashed';

export type ProcessMessage =
  /** Sent at least twice a second while a job is in progress. */
  | { readonly type: 'alive' }
  | { readonly type: 'event'; readonly event: WorkerEvent }
  /** Complete records, one after the other. */
  | { readonly type: 'records'; readonly data: Float64Array }
  /** `detail` is the cause of a crash; null if not known, and for other reasons. */
  | { readonly type: 'ended'; readonly reason: EndReason; readonly detail: string | null };
