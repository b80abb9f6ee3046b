import type { JobRequest } from '../protocol/jobProcess';
import type { WorkerEvent } from '../protocol/worker';
import type { Analysis, AnalysisEnd, AnalysisJob } from '../runs/reports';
import type { JobLauncher } from './jobProcesses';
import type { JobHandle } from './processJob';

/** An analysis that is running in a separate process. Used by the extension host and the command line. */
export class ActiveAnalysis implements Analysis {
  /** Settles when the process has ended. Never rejects. */
  readonly ended: Promise<AnalysisEnd>;
  readonly #job: JobHandle;
  #end: AnalysisEnd | null = null;

  /** @param onProgress  receives the number of finished and planned runs, at most a few times per second */
  constructor(
    launcher: JobLauncher,
    request: Omit<JobRequest, 'job'> & { readonly job: AnalysisJob },
    onProgress: (done: number, total: number) => void,
  ) {
    this.#job = launcher.start(request, { onEvent: (event) => this.#onEvent(event, onProgress) });
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
