import type { Batches } from '../core/batches';
import type { RunConfig } from '../core/config/runConfig';
import { contextAt } from '../core/context';
import { coordinateNames, type NameOf } from '../core/coordinateNames';
import { Diagnosis } from '../core/diagnosis/diagnose';
import type { Finding } from '../core/diagnosis/finding';
import { withGradientChecks } from '../core/diagnosis/probes/gradientChecks';
import { piecewiseConstant } from '../core/diagnosis/probes/piecewiseConstant';
import type { RunEnd } from '../core/ending/runEnd';
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
  readonly batches: Batches;
  /** Receives the measurements of the probes. */
  readonly measurements: Measurements;
  readonly post: Post;
}

/** Diagnoses a run of the user's loss, and posts the findings when they change. */
export class RunDiagnosis implements RunObserver {
  /** The loss, with occasional checks of its gradient. */
  readonly objective: Objective;
  readonly #loss: LoadedLoss;
  readonly #post: Post;
  readonly #diagnosis: Diagnosis;
  readonly #nonFinite: NonFiniteStep;
  readonly #nameOf: NameOf;
  readonly #batches: Batches;
  readonly #open: (t: number, part?: readonly number[]) => ReturnType<typeof contextAt>;
  #postedRevision: number;
  #isCutReported = false;

  constructor({ loss, source, config, objective, beside, batches, measurements, post }: DiagnosisRequest) {
    const { dim } = objective;
    const open = (t: number, part = batches.indicesOf(t)) => contextAt(config.seed, batches, t, part);
    this.#loss = loss;
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

  /** All findings so far: see `Diagnosis`. */
  get allFindings(): readonly Finding[] {
    return this.#diagnosis.allFindings;
  }

  onStep(step: StepView): MaybePromise<void> {
    this.#nonFinite.onStep(step);
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
    }
    const { found } = this.#nonFinite;
    // A loss of all data that was finite at the start is not finite because of the parameters.
    if (found) {
      const mayBeData = found.isLoss && (found.isStart || this.#loss.isContextual);
      const origin = await this.#loss.originOfNonFinite(found.params, found.open, mayBeData);
      if (origin) this.#diagnosis.locateNonFinite(origin);
    }
    this.#postFindings();
  }

  #reportCut(): void {
    const cut = this.#loss.cutDerivative();
    if (!cut) return;
    this.#isCutReported = true;
    this.#diagnosis.post(piecewiseConstant(cut, this.#nameOf));
    this.#diagnosis.locate('piecewise-constant', cut.origin);
  }

  async #locateZeroGradient(params: Float64Array, open: OpenContext): Promise<void> {
    const finding = this.#diagnosis.findings.find(({ code }) => code === 'zero-gradient');
    if (!finding || !params.every(Number.isFinite)) return;
    const origin = await this.#loss.originOfZeroGradient(finding.coordinates, params, open);
    if (origin) this.#diagnosis.locate('zero-gradient', origin);
  }

  #postFindings(): void {
    const { findings, revision } = this.#diagnosis;
    if (revision === this.#postedRevision) return;
    this.#postedRevision = revision;
    this.#post({ type: 'findings', findings });
  }
}
