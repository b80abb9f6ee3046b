import type { RunConfig } from '../config/runConfig';
import type { RunObserver, RunOutcome } from '../run';
import type { StepView } from '../update';
import { Board, type Report } from './board';
import type { Finding, SourceLocation } from './finding';
import { isAdaptive } from './options';
import type { Rule, RuleContext } from './rule';
import type { DivergenceRule } from './rules/divergence';
import { rules } from './rules/registry';
import { LossTerms } from './terms/lossTerms';
import { StartCurvature } from './terms/startCurvature';

export interface DiagnosisRequest {
  readonly config: RunConfig;
  readonly dim: number;
  /** 1 without mini-batches. */
  readonly stepsPerEpoch: number;
}

/**
 * Watches one run and says what is wrong with it, while it goes: hand it every step, and the outcome at the end. The
 * work of a step is O(dim) and allocates nothing while there is nothing to say.
 */
export class Diagnosis implements RunObserver {
  readonly #board = new Board();
  readonly #terms: LossTerms;
  /** Gradient descent only: elsewhere the plain curvature says nothing of the step. */
  readonly #curvature: StartCurvature | null;
  readonly #divergence: DivergenceRule;
  readonly #others: readonly Rule[];

  constructor({ config, dim, stepsPerEpoch }: DiagnosisRequest) {
    this.#terms = new LossTerms(stepsPerEpoch);
    this.#curvature = isAdaptive(config) ? null : new StartCurvature(dim);
    const context: RuleContext = {
      config,
      dim,
      stepsPerEpoch,
      terms: this.#terms,
      board: this.#board,
      curvature: () => this.#curvature?.largest ?? Number.NaN,
    };
    const { divergence, ...others } = rules;
    this.#divergence = divergence(context);
    this.#others = Object.values(others).map((create) => create(context));
  }

  /** What was found so far, oldest first. A new array after every change. */
  get findings(): readonly Finding[] {
    return this.#board.findings;
  }

  /** Goes up whenever the findings change. */
  get version(): number {
    return this.#board.version;
  }

  /** Takes in what a check found. */
  post(report: Report): void {
    this.#board.post(report);
  }

  /** Says where in the source a loss or gradient that is not finite came from. */
  locateNonFinite(location: SourceLocation, words: string): void {
    for (const code of ['non-finite-loss', 'non-finite-gradient'] as const)
      this.#board.locate(code, location, words);
  }

  onStep(step: StepView): void {
    this.#terms.onStep(step);
    this.#curvature?.onStep(step, this.#terms);
    this.#divergence.onStep(step);
    if (this.#divergence.isActive) return;
    for (const rule of this.#others) rule.onStep(step);
  }

  /** To be called once, when the run is over: the findings then say how it ended. */
  finish(outcome: RunOutcome): void {
    this.#divergence.finish(outcome);
    if (this.#divergence.isActive) return;
    for (const rule of this.#others) rule.finish(outcome);
  }
}
