import type { Finding } from '../../core/diagnosis/finding';
import type { VerificationStatus } from '../../protocol/panel';
import type { VerificationEnd } from '../../runner/activeVerification';
import type { Run } from './run';
import type { RunChange } from './runs';

/** The runs, as far as their fixes are concerned. */
export interface VerifiedRuns {
  readonly latest: Run | undefined;
  readonly onDidChange: (listener: (change: RunChange) => void) => { dispose(): void };
  changed(run: Run, isKept: boolean): void;
}

/** How fixes are tried. */
export interface Verifier {
  /** Whether the user wants it for this run. */
  isOn(run: Run): boolean;
  begin(
    run: Run,
    findings: readonly Finding[],
    onProgress: (done: number, total: number) => void,
  ): { readonly ended: Promise<VerificationEnd>; stop(): void };
}

interface Work {
  readonly run: Run;
  /** What it was begun for. */
  readonly findings: readonly Finding[];
  readonly job: ReturnType<Verifier['begin']>;
}

/** What else follows from a run's end goes first: its file, the dashboard. */
const delayMs = 150;

/**
 * Tries the fixes of the latest run in the background, once it has ended and while it is paused: in a thread of its own, one
 * run at a time. A run that begins or goes on ends it. Until a fix has been tried it is not offered.
 *
 * The owner of `verification` in the record; to be made before whoever shows the runs, so that it hears of a change first.
 */
export class Verifications {
  readonly #runs: VerifiedRuns;
  readonly #verifier: Verifier;
  readonly #subscription: { dispose(): void };
  #work: Work | null = null;
  /** Settles when the last thread is gone. */
  #gone: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The findings that a run has been verified for. */
  readonly #verifiedFor = new WeakMap<Run, readonly Finding[]>();

  constructor(runs: VerifiedRuns, verifier: Verifier) {
    this.#runs = runs;
    this.#verifier = verifier;
    this.#subscription = runs.onDidChange(({ what }) => {
      if (what === 'state') this.look();
    });
  }

  /** Begins or ends what the state of the latest run and the setting ask for. */
  look(): void {
    const run = this.#runs.latest;
    // What is known of an earlier run stays with it.
    if (this.#work && this.#work.run !== run) this.stop();
    if (!run || run.told === null) return;
    const { verification } = run.record;
    const isStale = this.#verifiedFor.get(run) !== run.told || !isAtRest(run);
    if (!this.#verifier.isOn(run)) {
      if (verification !== 'off' && (verification !== 'done' || isStale)) this.#reset(run, 'off');
      return;
    }
    if (verification === 'off' || (verification !== 'none' && isStale)) this.#reset(run, 'none');
    if (this.#isDue(run)) this.#schedule(run);
  }

  /** Ends what is under way with what is known by then. */
  stop(): void {
    this.#work?.job.stop();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.stop();
  }

  #isDue(run: Run): boolean {
    return (
      run === this.#runs.latest &&
      run.record.verification === 'none' &&
      this.#verifier.isOn(run) &&
      isAtRest(run) &&
      run.told!.some(({ fixes }) => fixes.length > 0)
    );
  }

  #schedule(run: Run): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#gone.then(() => {
        if (this.#isDue(run)) this.#begin(run);
      });
    }, delayMs);
  }

  #begin(run: Run): void {
    const findings = run.told!;
    const job = this.#verifier.begin(run, findings, (done, total) => {
      const isNew = run.tried[0] !== done || run.tried[1] !== total;
      if (this.#work !== work || !isNew) return;
      run.tried = [done, total];
      this.#runs.changed(run, false);
    });
    const work = { run, findings, job };
    this.#work = work;
    this.#gone = job.ended.then((end) => this.#finish(work, end));
    this.#verifiedFor.set(run, findings);
    run.tried = [0, 0];
    run.record.verification = 'running';
    this.#runs.changed(run, false);
  }

  #finish(work: Work, { fixes, refusals, isComplete }: VerificationEnd): void {
    if (this.#work !== work) return;
    this.#work = null;
    const { run, findings } = work;
    run.record.findings = findings.map((finding, i) => ({ ...finding, fixes: fixes[i] ?? [] }));
    run.refusals = refusals;
    run.record.verification = 'done';
    if (isComplete) run.tried = [run.tried[1], run.tried[1]];
    this.#runs.changed(run, true);
  }

  /** Back to the fixes as they were thought of. */
  #reset(run: Run, verification: VerificationStatus): void {
    if (this.#work?.run === run) {
      this.#work.job.stop();
      this.#work = null;
    }
    this.#verifiedFor.delete(run);
    run.record.findings = run.told!;
    run.refusals = [];
    run.record.verification = verification;
    this.#runs.changed(run, true);
  }
}

/** Whether a run uses no thread's time, and what ended it would not end its twin before anything is found. */
function isAtRest({ record: { status, problems } }: Run): boolean {
  const isPrevented = problems.some(({ severity, code }) => severity === 'error' && code !== 'loss-threw');
  return status === 'paused' || ((status === 'finished' || status === 'failed') && !isPrevented);
}
