import type { Batches } from '../core/batches';
import type { RunConfig } from '../core/config/runConfig';
import { contextAt } from '../core/context';
import { Diagnosis, type DiagnosisLevel } from '../core/diagnosis/diagnose';
import { withGradientChecks } from '../core/diagnosis/probes/gradientChecks';
import type { MaybePromise, Objective } from '../core/objective';
import type { RunOutcome } from '../core/run';
import type { StepView } from '../core/update';
import type { LoadedLoss } from '../loss/providers/lossProvider';
import type { Post } from './jobs/job';
import { NonFiniteStep } from './nonFiniteStep';

/** The diagnosis of a run of the user's loss: its findings are told as they change. */
export class RunDiagnosis {
  /** The loss, with its gradient checked now and then. */
  readonly objective: Objective;
  readonly #loss: LoadedLoss;
  readonly #post: Post;
  readonly #diagnosis: Diagnosis;
  readonly #nonFinite: NonFiniteStep;
  readonly #batches: Batches;
  readonly #open: (t: number, part?: readonly number[]) => ReturnType<typeof contextAt>;
  #told: number;

  /** @param plain  the loss with the best gradient that it allows */
  constructor(
    loss: LoadedLoss,
    config: RunConfig,
    level: Exclude<DiagnosisLevel, 'off'>,
    plain: Objective,
    batches: Batches,
    post: Post,
  ) {
    const { dim } = plain;
    const open = (t: number, part = batches.indicesOf(t)) => contextAt(config.seed, batches, t, part);
    this.#loss = loss;
    this.#post = post;
    this.#batches = batches;
    this.#open = open;
    this.#diagnosis = new Diagnosis({
      config,
      dim,
      stepsPerEpoch: batches.stepsPerEpoch,
      isContextual: loss.isContextual,
      probing: level === 'full' ? { objective: plain, open, indicesOf: batches.indicesOf } : null,
    });
    this.#told = this.#diagnosis.revision;
    this.#nonFinite = new NonFiniteStep(open);
    this.objective = withGradientChecks({
      objective: plain,
      config,
      exact: loss.secondOpinion(dim),
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
    const { found } = this.#nonFinite;
    const origin = found && (await this.#loss.originOfNonFinite(found.params, found.open));
    if (origin) this.#diagnosis.locateNonFinite(origin.location, origin.words);
    this.#tell();
  }

  #tell(): void {
    const { findings, revision } = this.#diagnosis;
    if (revision === this.#told) return;
    this.#told = revision;
    this.#post({ type: 'findings', findings });
  }
}
