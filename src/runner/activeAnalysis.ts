import type { WorkerEvent } from '../protocol/worker';
import type { Analysis, AnalysisEnd, AnalysisJob } from '../runs/reports';
import { type JobRequest, WorkerJob } from './workerJob';

/** An analysis under way in a worker of its own. Used alike by the extension host and by the command line. */
export class ActiveAnalysis implements Analysis {
  /** Settles when the thread is gone. Never rejects. */
  readonly ended: Promise<AnalysisEnd>;
  readonly #job: WorkerJob;
  #end: AnalysisEnd | null = null;

  /** @param onProgress  told runs done and planned, a few times a second at most */
  constructor(
    request: Omit<JobRequest, 'job'> & { readonly job: AnalysisJob },
    onProgress: (done: number, total: number) => void,
  ) {
    this.#job = new WorkerJob(request, {
      onEvent: (event) => this.#onEvent(event, onProgress),
      onPoll: () => false,
      ownBytes: () => 0,
    });
    this.ended = this.#job.ended.then((ending): AnalysisEnd => {
      if (this.#end) return this.#end;
      return 'problem' in ending ? { kind: 'failed', problems: [ending.problem] } : { kind: 'stopped' };
    });
  }

  stop(): void {
    this.#job.stop();
  }

  #onEvent(event: WorkerEvent, onProgress: (done: number, total: number) => void): void {
    if (event.type === 'progress') onProgress(event.done, event.total);
    if (event.type === 'analysis')
      this.#end = event.report ? { kind: 'done', report: event.report } : { kind: 'stopped' };
    if (event.type === 'failed') this.#end = { kind: 'failed', problems: event.problems };
  }
}
