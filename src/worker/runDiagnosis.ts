import type { Batches } from '../core/batches';
import type { RunConfig } from '../core/config/runConfig';
import { contextAt } from '../core/context';
import { coordinateNames } from '../core/coordinateNames';
import { Diagnosis, type DiagnosisLevel } from '../core/diagnosis/diagnose';
import { withGradientChecks } from '../core/diagnosis/probes/gradientChecks';
import type { Measurements } from '../core/measurements';
import type { MaybePromise, Objective } from '../core/objective';
import type { RunObserver, RunOutcome } from '../core/run';
import type { StepView } from '../core/update';
import type { Setting } from './jobs/job';
import { NonFiniteStep } from './nonFiniteOrigin';

/** The diagnosis of a run of the user's loss: its findings are told as they change. */
export class RunDiagnosis implements RunObserver {
  /** The loss, with its gradient checked now and then. */
  readonly objective: Objective;
  readonly #setting: Setting;
  readonly #diagnosis: Diagnosis;
  readonly #nonFinite: NonFiniteStep;
  readonly #batches: Batches;
  readonly #open: (t: number, part?: readonly number[]) => ReturnType<typeof contextAt>;
  #told: number;

  /**
   * @param plain         the loss with the best gradient that it allows
   * @param measurements  takes in what the probes measure
   */
  constructor(
    setting: Setting,
    config: RunConfig,
    level: Exclude<DiagnosisLevel, 'off'>,
    plain: Objective,
    batches: Batches,
    measurements: Measurements,
  ) {
    const { rewritten, source, user } = setting;
    const { dim } = plain;
    const open = (t: number, part = batches.indicesOf(t)) => contextAt(config.seed, batches, t, part);
    const nameOf = coordinateNames(config.names, source.parameterName, dim);
    this.#setting = setting;
    this.#batches = batches;
    this.#open = open;
    this.#diagnosis = new Diagnosis({
      config,
      dim,
      nameOf,
      stepsPerEpoch: batches.stepsPerEpoch,
      isContextual: user.loss.length > 1,
      measurements,
      probing: level === 'full' ? { objective: plain, open, indicesOf: batches.indicesOf } : null,
    });
    this.#told = this.#diagnosis.revision;
    this.#nonFinite = new NonFiniteStep(open);
    this.objective = withGradientChecks({
      objective: plain,
      config,
      nameOf,
      exact:
        rewritten && source.gradientExport !== null && config.gradientMode !== 'exact'
          ? rewritten.objective(dim)
          : null,
      report: (finding) => {
        this.#diagnosis.post(finding);
        this.#tell();
      },
    });
  }

  onStep(step: StepView): MaybePromise<void> {
    this.#nonFinite.onStep(step);
    const looking = this.#diagnosis.onStep(step);
    return looking ? looking.then(() => this.#tell()) : this.#tell();
  }

  /** The last findings, and where a value that is not finite came from. */
  async finish(outcome: RunOutcome): Promise<void> {
    this.#diagnosis.finish(outcome);
    this.#tell();
    if (outcome.stopped !== 'error')
      this.#nonFinite.onFinal(outcome.final, this.#open(outcome.steps + 1, this.#batches.all));
    const origin = await this.#nonFinite.origin(this.#setting.rewritten);
    if (origin) this.#diagnosis.locateNonFinite(origin.location, origin.words);
    this.#tell();
  }

  #tell(): void {
    const { findings, revision } = this.#diagnosis;
    if (revision === this.#told) return;
    this.#told = revision;
    this.#setting.post({ type: 'findings', findings });
  }
}
