import type { RunConfig } from '../config/runConfig';
import { together } from '../observers';
import { type Checkpoint, type RunObserver, type RunOutcome, run } from '../runLoop';
import type { StepView } from '../update';
import type { Candidate } from './candidates';
import type { VerificationSetting } from './verificationSetting';
import { type Trial, Watcher } from './watcher';

/**
 * The step at which a candidate begins to differ from the baseline run, and the expected result of its first
 * evaluation.
 */
interface Fork {
  readonly checkpoint: Checkpoint;
  /** Has observed the baseline run up to that step: the candidate's steps are the same. */
  readonly watcher: Watcher;
  loss: number;
  grad: Float64Array;
}

/**
 * The baseline run and its candidates. If the first steps of a candidate are identical to those of the
 * baseline run, the candidate continues from a checkpoint of the baseline run (a fork), and the candidate's
 * diagnosis has observed the baseline run until then.
 *
 * At the first step after the fork both must see exactly the same loss and gradient. If they differ in any
 * bit, the loss keeps state between its evaluations, and the candidate is run from the start instead.
 */
export class BaselineRun {
  readonly #setting: VerificationSetting;
  readonly #config: RunConfig;
  readonly #goesOn: () => boolean;
  readonly #late: readonly Candidate[];
  readonly #forks = new Map<Candidate, Fork>();

  /** @param goesOn  called before every step; false ends the run */
  constructor(
    setting: VerificationSetting,
    config: RunConfig,
    candidates: readonly Candidate[],
    goesOn: () => boolean,
  ) {
    this.#setting = setting;
    this.#config = config;
    this.#goesOn = goesOn;
    this.#late = candidates.filter(({ agreesUntil }) => agreesUntil > 0 && agreesUntil < config.steps);
  }

  /** Runs the unchanged configuration; null if it was stopped or cannot be run. */
  async baseline(): Promise<Trial | null> {
    const setting = this.#setting;
    const plain = await setting.objective(this.#config);
    if (!plain) return null;
    const beside = setting.beside(plain, this.#config);
    const watcher = new Watcher(this.#config, beside, setting);
    const others = this.#late.map((candidate) => ({
      candidate,
      watcher: new Watcher(candidate.config, beside, setting),
    }));
    const forks: RunObserver = {
      onStep: (step) => {
        for (const fork of this.#forks.values()) if (step.t === fork.checkpoint.t + 1) remember(fork, step);
      },
    };
    const observer = together([
      forks,
      watcher,
      ...others.map((other) => until(other.candidate.agreesUntil, other.watcher)),
    ]);
    const outcome = await run({
      ...this.#request(this.#config),
      objective: await setting.checked(plain, this.#config, (finding) => watcher.diagnosis.post(finding)),
      observer,
      keyframes: {
        isDue: (t) => this.#late.some(({ agreesUntil }) => agreesUntil === t),
        take: (checkpoint) => {
          for (const { candidate, watcher } of others)
            if (candidate.agreesUntil === checkpoint.t)
              this.#forks.set(candidate, {
                checkpoint,
                watcher,
                loss: Number.NaN,
                grad: new Float64Array(0),
              });
        },
      },
    });
    return outcome.stopped === 'user' ? null : watcher.finish(outcome);
  }

  /** Runs a candidate; null if it cannot be run. To be called after `baseline`, once for each candidate. */
  async trial(candidate: Candidate): Promise<Trial | 'stopped' | null> {
    const fork = this.#forks.get(candidate);
    this.#forks.delete(candidate);
    return (fork && (await this.#fromFork(candidate, fork))) ?? this.#fromStart(candidate);
  }

  async #fromStart({ config, edit }: Candidate): Promise<Trial | 'stopped' | null> {
    const program = edit ? await this.#setting.edited(edit) : this.#setting;
    const plain = await program?.objective(config);
    if (!program || !plain) return null;
    const watcherSetting = { ...this.#setting, saturationAt: program.saturationAt };
    const watcher = new Watcher(config, program.beside(plain, config), watcherSetting);
    // The baseline run has already checked this gradient.
    const isChecked = edit === null && config.gradientMode === this.#config.gradientMode;
    const objective = isChecked
      ? plain
      : await program.checked(plain, config, (finding) => watcher.diagnosis.post(finding));
    const { validation } = program;
    const outcome = await run({ ...this.#request(config), validation, objective, observer: watcher });
    return trialOf(outcome, watcher);
  }

  /** null if the first loss or gradient after the fork differs. */
  async #fromFork({ config }: Candidate, fork: Fork): Promise<Trial | 'stopped' | null> {
    const { checkpoint, watcher } = fork;
    const objective = await this.#setting.objective(config);
    if (!objective) return null;
    let isSame = true;
    const request = this.#request(config);
    const outcome = await run({
      ...request,
      objective,
      from: checkpoint,
      control: { ...request.control, mayStep: () => isSame && this.#goesOn() },
      observer: {
        onStep(step) {
          if (step.t === checkpoint.t + 1) isSame = sees(fork, step);
          return isSame ? watcher.onStep(step) : undefined;
        },
        onEpoch: (epoch) => watcher.onEpoch(epoch),
      },
    });
    return isSame ? trialOf(outcome, watcher) : null;
  }

  #request(config: RunConfig) {
    const { validation } = this.#setting;
    const start = config.start ? Float64Array.from(config.start) : this.#setting.start;
    return { start, validation, config, control: { mayStep: this.#goesOn, lr: () => Number.NaN } };
  }
}

async function trialOf(outcome: RunOutcome, watcher: Watcher): Promise<Trial | 'stopped'> {
  return outcome.stopped === 'user' ? 'stopped' : watcher.finish(outcome);
}

function remember(fork: Fork, { loss, grad }: StepView): void {
  fork.loss = loss;
  fork.grad = grad.slice();
}

function sees(fork: Fork, { loss, grad }: StepView): boolean {
  return Object.is(loss, fork.loss) && grad.every((g, i) => Object.is(g, fork.grad[i]));
}

/** An observer that receives only the steps up to `last`. */
function until(last: number, observer: RunObserver): RunObserver {
  return {
    onStep: (step) => (step.t <= last ? observer.onStep?.(step) : undefined),
    onEpoch: (epoch) => (epoch.t <= last ? observer.onEpoch?.(epoch) : undefined),
  };
}
