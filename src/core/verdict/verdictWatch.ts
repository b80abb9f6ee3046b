import type { Batches } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import type { DiagnosisCode } from '../diagnosis/catalogue';
import type { Finding } from '../diagnosis/finding';
import type { Objective } from '../objective';
import type { EpochView, RunObserver, RunOutcome } from '../runLoop';
import type { StepView } from '../update';
import { kindOf, type RunEnd } from './judgeEnd';
import { LossCourse } from './lossCourse';
import { type Polished, polish } from './polish/polish';
import type { Verdict } from './verdict';
import { verdictInWords } from './verdictWords';

export interface VerdictRequest {
  readonly config: RunConfig;
  readonly batches: Batches;
  /** Whether the loss takes its second argument. */
  readonly isContextual: boolean;
  /** The loss, to polish the last point; null if it must not be evaluated again. */
  readonly objective: Objective | null;
}

/** A finding whose last step is in this share of the run's steps lasted until its end. */
const untilEnd = 0.95;

/** The mean of as many losses counts as one loss where the loss function differs from step to step. */
const averaged = 20;

/** The number of evaluations of a polish: a tenth of those of the run and 40, at most 120. */
function polishEvaluations(steps: number): number {
  return Math.min(120, 40 + Math.floor(steps / 10));
}

/** Observes one run for its verdict. */
export class VerdictWatch implements RunObserver {
  readonly #request: VerdictRequest;
  readonly #course: LossCourse;

  constructor(request: VerdictRequest) {
    const { config, batches, isContextual } = request;
    const { stepsPerEpoch } = batches;
    this.#request = request;
    // With a validation loss, no loss over all samples is known after an epoch.
    const byEpochs = stepsPerEpoch > 1 && config.validation === null;
    const differs = stepsPerEpoch > 1 || isContextual;
    this.#course = new LossCourse({
      stepsPerEpoch: byEpochs ? stepsPerEpoch : 1,
      averaged: differs && !byEpochs ? Math.max(stepsPerEpoch, averaged) : 1,
    });
  }

  onStep(step: StepView): void {
    this.#course.onStep(step);
  }

  onEpoch(epoch: EpochView): void {
    this.#course.onEpoch(epoch);
  }

  /** To be called once, after the run has ended and its findings are complete. */
  async verdict(outcome: RunOutcome, findings: readonly Finding[]): Promise<Verdict> {
    const course = this.#course;
    const { config, batches, isContextual } = this.#request;
    const { steps, stopped, final } = outcome;
    const has = (code: DiagnosisCode) => findings.some((finding) => finding.code === code);
    const isLasting = (code: DiagnosisCode, kind?: string) =>
      findings.some(
        (finding) =>
          finding.code === code &&
          (kind === undefined || finding.evidence.class === kind) &&
          finding.steps[1] >= untilEnd * steps,
      );
    const polished = await this.#polished(outcome, findings);
    const end: RunEnd = {
      stopped,
      steps,
      startLoss: course.start,
      leastLoss: Math.min(course.least, Number.isNaN(final.loss) ? Number.POSITIVE_INFINITY : final.loss),
      finalLoss: final.loss,
      gradientShare: course.largestGradient > 0 ? final.gradNorm / course.largestGradient : 0,
      polishedLoss: polished?.loss ?? Number.NaN,
      tail: course.tail,
      isNoisy: isContextual || batches.stepsPerEpoch > 1,
      found: {
        divergence: has('divergence'),
        nonFinite: has('non-finite-loss') || has('non-finite-gradient'),
        unbounded: false,
        saddle: isLasting('plateau', 'saddle'),
        oscillation: isLasting('oscillation'),
      },
    };
    return verdictInWords(kindOf(end), { end, outcome, config, polished, findings });
  }

  /** null if the loss must not or cannot be evaluated again, or is not the same at each evaluation. */
  async #polished(
    { steps, stopped, final }: RunOutcome,
    findings: readonly Finding[],
  ): Promise<Polished | null> {
    const { objective, config, batches } = this.#request;
    const isUnreliable = findings.some(
      ({ code }) => code === 'non-deterministic-loss' || code === 'gradient-mismatch',
    );
    if (!objective || isUnreliable || stopped === 'error' || stopped === 'nonFinite') return null;
    const open = contextAt(config.seed, batches, steps + 1, batches.all);
    return polish({
      objective,
      params: final.params,
      open,
      evaluations: polishEvaluations(steps),
      largestGradient: this.#course.largestGradient,
      lastMove: this.#course.lastMove,
    });
  }
}
