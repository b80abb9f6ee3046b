import type { RunConfig, RunConfigPatch } from '../../core/config/runConfig';
import { allNames, coordinateNames } from '../../core/coordinateNames';
import type { Finding, Fix } from '../../core/diagnosis/finding';
import { type StabilityOutlook, StabilityTrend } from '../../core/diagnosis/stabilityTrend';
import { type ExpectationResult, expectationWords } from '../../core/expectation';
import { formatNumber } from '../../core/numerics/format';
import type { GradientMethod } from '../../core/objective';
import type { SourceLocation } from '../../core/sourceLocation';
import type { StepLayout } from '../../core/trace/layout';
import { Quantities } from '../../core/trace/quantities';
import type { Trace } from '../../core/trace/trace';
import type { LossProblem } from '../../loss/problem';
import type { LossSource } from '../../loss/source';
import type { RunStatus, VerificationStatus } from '../../protocol/panel';
import type { OutcomeMessage } from '../../protocol/worker';

/** Everything of a run but its steps: what is kept in the run's file beside them. */
export interface RunRecord {
  readonly id: string;
  readonly startedAt: number;
  /** The loss with the texts that were really loaded, once they are known. */
  source: LossSource;
  readonly parameterNames: readonly string[] | null;
  /** Of the function's text, to tell whether the loss has changed since. */
  readonly lossText: string;
  readonly config: RunConfig;
  /** What this run was given on top of the annotation. */
  readonly overrides: RunConfigPatch;
  status: RunStatus;
  start: readonly number[] | null;
  layout: StepLayout | null;
  gradientMode: GradientMethod | null;
  /** With the fixes that the rules thought of, or, once they are verified, those that help. */
  findings: readonly Finding[];
  verification: VerificationStatus;
  outcome: OutcomeMessage | null;
  /** What became of `config.expect`; null while it is not known, or nothing is expected. */
  expectation: ExpectationResult | null;
  problems: readonly LossProblem[];
  /** Where the user changed the learning rate by hand: [step, lr]. */
  lrChanges: readonly (readonly [number, number])[];
  elapsedMs: number;
}

/** A run of the history: its record and, where they are at hand, its steps. */
export class Run {
  readonly record: RunRecord;
  /** The findings as the run itself told them last; null for a run of an earlier window. */
  told: readonly Finding[] | null = null;
  /** Runs done and planned to try the fixes. */
  tried: readonly [done: number, total: number] = [0, 0];
  /** For every finding why none of its fixes helps; empty while that is not known, and for a run of an earlier window. */
  refusals: readonly (string | null)[] = [];
  /** Settles when the run has ended and is on disk. */
  readonly finished: Promise<void>;
  /** To be called once, when it has. */
  markFinished!: () => void;
  #trace: Trace | null = null;
  #quantities: Quantities | null = null;
  #trend: StabilityTrend | null = null;

  constructor(record: RunRecord) {
    this.record = record;
    this.finished = new Promise((resolve) => {
      this.markFinished = resolve;
    });
  }

  get trace(): Trace | null {
    return this.#trace;
  }
  set trace(trace: Trace | null) {
    this.#trace = trace;
    this.#quantities = trace && new Quantities(trace.layout, this.record.config);
    this.#trend =
      trace && this.#quantities!.has('stability') ? new StabilityTrend(trace, this.#quantities!) : null;
  }

  get quantities(): Quantities | null {
    return this.#quantities;
  }

  /** How its stability stands; null where it is not measured. */
  get stability(): StabilityOutlook | null {
    return this.#trend?.outlook ?? null;
  }

  get steps(): number {
    return this.record.outcome?.steps ?? this.#trace?.steps ?? 0;
  }

  get isLive(): boolean {
    const { status } = this.record;
    return status === 'loading' || status === 'running' || status === 'paused';
  }

  get names(): string[] {
    const { config, source, start } = this.record;
    const dim = start?.length ?? config.start?.length ?? 0;
    return allNames(coordinateNames(config.names, source.parameterName, dim), dim);
  }

  /** The fixes to offer for a finding: none that is still to be tried. */
  fixesOf({ fixes }: Finding): readonly Fix[] {
    const { verification } = this.record;
    return verification === 'done' || verification === 'off' ? fixes : [];
  }

  get location(): SourceLocation {
    return this.record.source.location;
  }

  /** "adam lr 0.05" */
  get title(): string {
    const { optimizer, schedule } = this.record.config;
    return `${optimizer.name} lr ${formatNumber(optimizer.lr as number)}${schedule ? ` ${schedule.name}` : ''}`;
  }

  /**
   * Whether the run is as expected, and in words; null if nothing is expected, or that cannot be said: a run that the user
   * stopped may still have got there.
   */
  get expectation(): { readonly met: boolean; readonly words: string } | null {
    const { config, expectation, outcome } = this.record;
    if (!config.expect || !expectation || (!expectation.met && outcome?.stopped === 'user')) return null;
    return { met: expectation.met, words: expectationWords(config.expect, expectation) };
  }

  /** How it stands, in a few words: "1000 steps, loss 3.1e-4", "interrupted at step 4021". */
  get summary(): string {
    const { status, outcome, problems } = this.record;
    switch (status) {
      case 'loading':
        return 'loading';
      case 'running':
        return `step ${this.steps} of ${this.record.config.steps}`;
      case 'paused':
        return `paused at step ${this.steps}`;
      case 'interrupted':
        return `interrupted at step ${this.steps}`;
      case 'failed':
        return problems[0]?.message ?? 'failed';
      case 'finished':
        return outcome ? finishedSummary(outcome) : `${this.steps} steps`;
      default:
        return status satisfies never;
    }
  }
}

function finishedSummary({ steps, stopped, final }: OutcomeMessage): string {
  const loss = `loss ${formatNumber(final.loss)}`;
  switch (stopped) {
    case 'user':
      return `stopped by you at step ${steps}`;
    case 'nonFinite':
      return `parameters not finite at step ${steps}`;
    case 'tolerance':
      return `${loss}, gradient below the tolerance at step ${steps}`;
    case 'earlyStopping':
      return `${loss}, stopped early at step ${steps}`;
    default:
      return `${loss} after ${steps} steps`;
  }
}
