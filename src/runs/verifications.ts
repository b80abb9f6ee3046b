import type { Finding } from '../core/diagnosis/finding';
import { withTriedFixes } from '../core/verify/followedAdvice';
import { isWorthVerifying } from '../core/verify/isWorthVerifying';
import type { Verification } from '../core/verify/verification';
import type { VerificationStatus } from '../protocol/panel';
import type { Disposable, Event } from './emitter';
import { expectationOutcome } from './expectationOutcome';
import type { Run } from './run';
import type { RunChange } from './runStore';

/** The part of the run store that verification needs. */
export interface VerifiedRuns {
  readonly history: readonly Run[];
  readonly onDidChange: Event<RunChange>;
  changed(run: Run, isKept: boolean): void;
}

/** How fixes are tried. */
export interface Verifier {
  /** Whether the setting enables it for this run. */
  isOn(run: Run): boolean;
  /** Whether the setting allows a search for other configurations. */
  isSearching(run: Run): boolean;
  begin(
    run: Run,
    findings: readonly Finding[],
    onProgress: (done: number, total: number) => void,
  ): { readonly ended: Promise<Verification>; stop(): void };
}

interface Work {
  readonly run: Run;
  /** The findings whose fixes are being tried. */
  readonly findings: readonly Finding[];
  readonly job: ReturnType<Verifier['begin']>;
}

/** The delay after the end of a run, so that its file and the dashboard are updated first. */
const delayMs = 150;

/**
 * Tries the fixes of every run of this window in the background, after the run has ended and while it is paused. It uses a
 * separate worker and tries one run at a time, in the order in which the runs ended or paused. If a run is resumed, the trial
 * of its fixes ends. A fix is not offered until it has been tried.
 *
 * This class is the only writer of `verification` in the record. Construct it before the views, so that it receives changes
 * first.
 */
export class Verifications {
  readonly #runs: VerifiedRuns;
  readonly #verifier: Verifier;
  readonly #subscription: Disposable;
  #work: Work | null = null;
  /** Settles when the worker of the most recent verification has ended. */
  #gone: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Runs whose fixes are to be tried, in order. */
  readonly #due = new Set<Run>();
  /** Called when a run is no longer being tried, or no longer waits for that. */
  readonly #settling: (() => void)[] = [];
  /** The findings that a run has been verified for. */
  readonly #verifiedFor = new WeakMap<Run, readonly Finding[]>();

  constructor(runs: VerifiedRuns, verifier: Verifier) {
    this.#runs = runs;
    this.#verifier = verifier;
    this.#subscription = runs.onDidChange(({ run, what }) => {
      if (what === 'state') this.#lookAt(run);
      if (what === 'removed') this.#forget(run);
    });
  }

  /** Starts or ends verifications according to the states of the runs and the setting. */
  look(): void {
    for (const run of this.#runs.history) this.#lookAt(run);
  }

  /** Settles when the fixes of a run are not being tried, and do not wait for that. */
  async settled(run: Run): Promise<void> {
    while (this.#due.has(run) || this.#work?.run === run)
      await new Promise<void>((resolve) => this.#settling.push(resolve));
  }

  /**
   * Ends the current verification with its results so far. The verifications of other runs that wait are then
   * started.
   */
  stop(): void {
    this.#work?.job.stop();
  }

  /** Whether the fixes of a run are being tried, or will be. */
  isUnderWay(run: Run): boolean {
    return this.#due.has(run) || this.#work?.run === run;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#due.clear();
    this.#subscription.dispose();
    this.stop();
    this.#settle();
  }

  #settle(): void {
    for (const resolve of this.#settling.splice(0)) resolve();
  }

  #lookAt(run: Run): void {
    if (run.reported === null) return;
    const { verification } = run.record;
    const isStale = this.#verifiedFor.get(run) !== run.reported || !isIdle(run);
    if (!this.#isOn(run)) {
      if (verification !== 'off' && (verification !== 'done' || isStale)) this.#reset(run, 'off');
      return;
    }
    if (verification === 'off' || (verification !== 'none' && isStale)) this.#reset(run, 'none');
    if (!this.#isDue(run)) return;
    this.#due.add(run);
    this.#schedule();
  }

  #forget(run: Run): void {
    this.#due.delete(run);
    if (this.#work?.run === run) {
      this.#work.job.stop();
      this.#work = null;
    }
    this.#settle();
  }

  /** False for a run that no command of this window started: such a run is not evaluated. */
  #isOn(run: Run): boolean {
    return run.isOwn && this.#verifier.isOn(run);
  }

  #isDue(run: Run): boolean {
    return (
      run.record.verification === 'none' &&
      // The other cells of a sweep answer what its fixes would.
      run.record.sweep === undefined &&
      // What the user set between two steps is in no configuration.
      run.record.interventions === undefined &&
      // A test that passed has its result, and the tests after it should not wait.
      !(run.record.isTest && expectationOutcome(run).kind === 'passed') &&
      this.#isOn(run) &&
      isIdle(run) &&
      isWorthVerifying(run.record.config, run.reported!, run.fixableVerdict, this.#verifier.isSearching(run))
    );
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#gone.then(() => this.#beginNext()), delayMs);
  }

  #beginNext(): void {
    if (this.#work) return;
    for (const run of this.#due) {
      this.#due.delete(run);
      if (!this.#isDue(run)) continue;
      this.#begin(run);
      break;
    }
    this.#settle();
  }

  #begin(run: Run): void {
    const findings = run.reported!;
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

  #finish(work: Work, { fixes, refusals, ofVerdict, search, isComplete }: Verification): void {
    if (this.#due.size > 0) this.#schedule();
    if (this.#work !== work) return;
    this.#work = null;
    const { run, findings } = work;
    run.record.findings = findings.map((finding, i) =>
      withTriedFixes(finding, fixes[i] ?? [], run.record.config),
    );
    run.refusals = refusals;
    run.verdictRefusal = ofVerdict.refusal;
    run.search = search;
    run.offerForVerdict(ofVerdict.fixes);
    run.record.verification = 'done';
    if (isComplete) run.tried = [run.tried[1], run.tried[1]];
    this.#runs.changed(run, true);
    this.#settle();
  }

  /** Restores the fixes that the rules proposed. */
  #reset(run: Run, verification: VerificationStatus): void {
    if (this.#work?.run === run) {
      this.#work.job.stop();
      this.#work = null;
    }
    this.#verifiedFor.delete(run);
    run.record.findings = run.reported!;
    run.refusals = [];
    run.verdictRefusal = null;
    run.search = null;
    run.offerForVerdict([]);
    run.record.verification = verification;
    this.#runs.changed(run, true);
    this.#settle();
  }
}

/**
 * Whether the fixes of a run can be tried now: the run is paused, or it has ended without an error that would
 * also end every trial run.
 */
function isIdle({ record: { status, problems } }: Run): boolean {
  const isPrevented = problems.some(({ severity, code }) => severity === 'error' && code !== 'loss-threw');
  return status === 'paused' || ((status === 'finished' || status === 'failed') && !isPrevented);
}
