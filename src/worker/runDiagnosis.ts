import type { Batches } from '../core/batches';
import type { RunConfig } from '../core/config/runConfig';
import { contextAt } from '../core/context';
import { coordinateNames, type NameOf } from '../core/coordinates/coordinateNames';
import { Diagnosis } from '../core/diagnosis/diagnose';
import type { Finding, Origin } from '../core/diagnosis/finding';
import { sourceFix } from '../core/diagnosis/fixes';
import { isCut } from '../core/diagnosis/lacksTerm';
import { withGradientChecks } from '../core/diagnosis/probes/gradientChecks';
import { isExplainedBy, lostTermAtEnd } from '../core/diagnosis/probes/lostTermAtEnd';
import { lostTerm, piecewiseConstant } from '../core/diagnosis/probes/piecewiseConstant';
import { SteepestRise } from '../core/diagnosis/probes/steepestRise';
import type { RunEnd } from '../core/ending/runEnd';
import { secondsAfter } from '../core/gradient/allowance';
import { type LossWords, lossWordsOf } from '../core/lossWords';
import type { Measurements } from '../core/measurements';
import type { MaybePromise, Objective, OpenContext } from '../core/objective';
import type { RunObserver, RunOutcome } from '../core/runLoop';
import type { StepView } from '../core/update';
import type { LoadedLoss } from '../loss/providers/lossProvider';
import type { SourceBase } from '../loss/source';
import type { Post } from './jobs/job';
import { NonFiniteStep } from './nonFiniteStep';

interface DiagnosisRequest {
  readonly loss: LoadedLoss;
  readonly source: SourceBase;
  readonly config: RunConfig;
  /** The loss with the best gradient that the loss and the mode allow. */
  readonly objective: Objective;
  /** A second instance of it, for probes and checks; null: only the steps are diagnosed. */
  readonly beside: Objective | null;
  /** Discards what the user's code prints until the returned function is called. */
  readonly silence: () => () => void;
  readonly batches: Batches;
  /** Receives the measurements of the probes. */
  readonly measurements: Measurements;
  readonly post: Post;
}

/** Diagnoses a run of the user's loss, and posts the findings when they change. */
export class RunDiagnosis implements RunObserver {
  /** The loss, with occasional checks of its gradient. */
  readonly objective: Objective;
  readonly #request: DiagnosisRequest;
  readonly #loss: LoadedLoss;
  readonly #post: Post;
  readonly #diagnosis: Diagnosis;
  readonly #nonFinite: NonFiniteStep;
  readonly #nameOf: NameOf;
  readonly #batches: Batches;
  readonly #open: (t: number, part?: readonly number[]) => ReturnType<typeof contextAt>;
  readonly #words: LossWords;
  #postedRevision: number;
  #isCutReported = false;
  readonly #steepest = new SteepestRise();
  /** theta_0. */
  #start: Float64Array | null = null;
  /** In milliseconds. */
  #startedAt = 0;

  constructor(request: DiagnosisRequest) {
    const { loss, source, config, objective, beside, batches, measurements, post } = request;
    const { dim } = objective;
    this.#request = request;
    const open = (t: number, part = batches.indicesOf(t)) => contextAt(config.seed, batches, t, part);
    this.#loss = loss;
    this.#words = lossWordsOf(config);
    this.#post = post;
    const nameOf = coordinateNames(config.names, source.parameterName, dim);
    this.#nameOf = nameOf;
    this.#batches = batches;
    this.#open = open;
    this.#diagnosis = new Diagnosis({
      config,
      dim,
      nameOf,
      stepsPerEpoch: batches.stepsPerEpoch,
      isContextual: loss.isContextual,
      measurements,
      probing: beside && { objective: beside, open, indicesOf: batches.indicesOf },
    });
    this.#postedRevision = this.#diagnosis.revision;
    this.#nonFinite = new NonFiniteStep(open);
    this.objective = withGradientChecks({
      objective,
      beside: beside ?? objective,
      config,
      nameOf,
      exact: loss.secondOpinion(dim),
      roundingAt: loss.roundingAt,
      report: (finding) => {
        this.#diagnosis.post(finding);
        this.#postFindings();
      },
    });
  }

  /** See `Diagnosis`. */
  get isLossReliable(): boolean {
    return this.#diagnosis.isLossReliable;
  }

  /** See `Diagnosis`. */
  get isGradientWrong(): boolean {
    return this.#diagnosis.isGradientWrong;
  }

  /** See `Diagnosis`. */
  get isLossRandom(): boolean {
    return this.#diagnosis.isLossRandom;
  }

  /** All findings so far: see `Diagnosis`. */
  get allFindings(): readonly Finding[] {
    return this.#diagnosis.allFindings;
  }

  onStep(step: StepView): MaybePromise<void> {
    this.#nonFinite.onStep(step);
    if (!this.#start) {
      this.#start = step.before.slice();
      this.#startedAt = performance.now();
    }
    this.#steepest.onStep(step);
    if (!this.#isCutReported) this.#reportCut();
    const looking = this.#diagnosis.onStep(step);
    return looking ? looking.then(() => this.#postFindings()) : this.#postFindings();
  }

  /** Completes the findings after the run, and locates the operations of the loss that caused them. */
  async finish(outcome: RunOutcome, end: RunEnd): Promise<void> {
    this.#diagnosis.finish(outcome, end);
    this.#postFindings();
    if (outcome.stopped !== 'error') {
      const open = this.#open(outcome.steps + 1, this.#batches.all);
      this.#nonFinite.onFinal(outcome.final, open);
      await this.#locateZeroGradient(outcome.final.params, open);
      await this.#locateMismatch(outcome.final.params, open);
      this.#withdrawWithoutGradient();
      await this.#reportLostTerm(outcome, end, open);
    }
    const { found } = this.#nonFinite;
    // A loss of all data that was finite at the start is not finite because of the parameters.
    if (found) {
      const mayBeData = found.isLoss && (found.isStart || this.#loss.isContextual);
      const origin = await this.#loss.originOfNonFinite(found.params, found.open, mayBeData);
      if (origin) this.#diagnosis.locateNonFinite(origin);
    }
    for (const { id, origin } of this.#diagnosis.findings)
      if (origin) this.#diagnosis.propose(id, this.#loss.editsFor(origin).map(sourceFix));
    this.#postFindings();
  }

  #reportCut(): void {
    const cut = this.#loss.cutDerivative();
    if (!cut) return;
    this.#isCutReported = true;
    this.#diagnosis.post(piecewiseConstant(cut, this.#nameOf, this.#words));
    this.#diagnosis.locate('piecewise-constant', cut.origin);
  }

  async #locateZeroGradient(params: Float64Array, open: OpenContext): Promise<void> {
    const finding = this.#diagnosis.findings.find(({ code }) => code === 'zero-gradient');
    if (!finding || !params.every(Number.isFinite)) return;
    const origin = await this.#loss.originOfZeroGradient(finding.coordinates, params, open);
    if (origin) this.#diagnosis.locate('zero-gradient', origin);
  }

  async #locateMismatch(params: Float64Array, open: OpenContext): Promise<void> {
    const finding = this.#diagnosis.findings.find(({ code }) => code === 'gradient-mismatch');
    const [coordinate] = finding?.coordinates ?? [];
    const isExact = this.#request.objective.gradientMode === 'exact';
    if (coordinate === undefined || !isExact || !params.every(Number.isFinite)) return;
    const origin = await this.#loss.originOfLostDerivative(coordinate, params, open);
    if (origin) this.#diagnosis.locate('gradient-mismatch', origin);
  }

  /** Where the derivative of a parameter is cut, a small gradient does not show that the run has converged. */
  #withdrawWithoutGradient(): void {
    if (!this.#diagnosis.findings.some(isCut)) return;
    this.#diagnosis.remove(({ code, evidence }) => code === 'plateau' && evidence.class === 'converged');
  }

  /** Looks for a term of the loss that the gradient lacks, and removes the findings of its consequences. */
  async #reportLostTerm(outcome: RunOutcome, end: RunEnd, open: OpenContext): Promise<void> {
    const { final, best, steps, stopped } = outcome;
    const { beside, config, objective, silence } = this.#request;
    // A loss that differs from step to step cannot be compared at two points; a user who stopped the run does not wait.
    const isComparable = !this.#loss.isContextual || config.samples !== null;
    if (beside === null || !isComparable || stopped === 'user' || stopped === 'nonFinite') return;
    if (!this.isLossReliable || this.#isCutReported || objective.gradientMode !== 'exact') return;
    const { length } = final.params;
    const seconds = secondsAfter((performance.now() - this.#startedAt) / 1000, length, mostSeconds);
    const cutLoss = this.#loss.cutLoss(final.params.length, open);
    const loss = cutLoss && { ...cutLoss, view: untilOverTime(seconds, (point) => cutLoss.view(point)) };
    if (!loss || !final.params.every(Number.isFinite)) return;
    const speak = silence();
    const start = this.#start ?? final.params;
    const steepest = this.#steepest.found;
    const found = await lostTermAtEnd(loss, { start, best, final, steps, end, steepest }).catch(
      // The loss may throw at such a point, or the time may be over.
      () => null,
    );
    speak();
    const origin = found && loss.originOf(found.term.site);
    if (!origin) return;
    const [since] = found.steps;
    // The jump says more than that the gradient of a parameter is 0.
    const isSaidBetter = (finding: Finding) =>
      finding.code === 'zero-gradient' && isSame(finding.origin, origin);
    this.#diagnosis.remove((finding) => isSaidBetter(finding) || isExplainedBy(finding, found.term, since));
    this.#diagnosis.post(lostTerm(found.term, end.finalLoss > end.startLoss, found.steps, this.#words));
    this.#diagnosis.locate('piecewise-constant', origin);
  }

  #postFindings(): void {
    const { findings, revision } = this.#diagnosis;
    if (revision === this.#postedRevision) return;
    this.#postedRevision = revision;
    this.#post({ type: 'findings', findings });
  }
}

/** A user waits for the search for a lost term. */
const mostSeconds = 5;

/** Rejects evaluations after a number of seconds. */
function untilOverTime<T>(
  seconds: number,
  evaluate: (params: Float64Array) => Promise<T>,
): (params: Float64Array) => Promise<T> {
  const until = performance.now() + 1000 * seconds;
  return async (params) => {
    if (performance.now() > until) throw new Error('the time is over');
    return evaluate(params);
  };
}

/** Whether a finding already names the operation. */
function isSame(a: Origin | null, b: Origin): boolean {
  const [x, y] = [a?.location, b.location];
  return a?.kind === b.kind && x?.file === y.file && x.line === y.line && x.column === y.column;
}
