import type { RunConfig } from '../config/runConfig';
import { together } from '../observers';
import { type Checkpoint, type RunObserver, type RunOutcome, run } from '../runLoop';
import type { StepView } from '../update';
import type { Candidate } from './candidates';
import type { VerificationSetting } from './verificationSetting';
import { type Trial, Watcher } from './watcher';

/** Where a candidate leaves the way of the unchanged run, and what its first evaluation there must give. */
interface Fork {
  readonly checkpoint: Checkpoint;
  /** Has watched the unchanged run up to there: the steps are the candidate's own. */
  readonly watcher: Watcher;
  loss: number;
  grad: Float64Array;
}

/**
 * The run as it is, and its candidates. A candidate that agrees with it for a while is taken up where the two part: the run as
 * it is keeps a checkpoint there, and the candidate's diagnosis has watched it until then.
 *
 * Both see the same loss at the first step after the fork. If they do not, to the last bit, the loss remembers something
 * between its evaluations, and the candidate is run from the start instead.
 */
export class TwinRun {
  readonly #setting: VerificationSetting;
  readonly #config: RunConfig;
  readonly #goesOn: () => boolean;
  readonly #late: readonly Candidate[];
  readonly #forks = new Map<Candidate, Fork>();

  /** @param goesOn  asked before every step; false ends the run */
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

  /** Runs the configuration as it is; null if it was stopped, or cannot be run. */
  async twin(): Promise<Trial | null> {
    const setting = this.#setting;
    const plain = await setting.objective(this.#config);
    if (!plain) return null;
    const watcher = new Watcher(this.#config, plain, setting);
    const others = this.#late.map((candidate) => ({
      candidate,
      watcher: new Watcher(candidate.config, plain, setting),
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

  /** Runs a candidate; null if it cannot be run. To be called after `twin`, once for each. */
  async trial(candidate: Candidate): Promise<Trial | 'stopped' | null> {
    const fork = this.#forks.get(candidate);
    this.#forks.delete(candidate);
    return (fork && (await this.#fromFork(candidate, fork))) ?? this.#fromStart(candidate);
  }

  async #fromStart({ config }: Candidate): Promise<Trial | 'stopped' | null> {
    const plain = await this.#setting.objective(config);
    if (!plain) return null;
    const watcher = new Watcher(config, plain, this.#setting);
    // What the checks found of a gradient that stays as it is, the run as it is has shown.
    const objective =
      config.gradientMode === this.#config.gradientMode
        ? plain
        : await this.#setting.checked(plain, config, (finding) => watcher.diagnosis.post(finding));
    const outcome = await run({ ...this.#request(config), objective, observer: watcher });
    return trialOf(outcome, watcher);
  }

  /** null if the loss is not the same there. */
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

function trialOf(outcome: RunOutcome, watcher: Watcher): Trial | 'stopped' {
  return outcome.stopped === 'user' ? 'stopped' : watcher.finish(outcome);
}

function remember(fork: Fork, { loss, grad }: StepView): void {
  fork.loss = loss;
  fork.grad = grad.slice();
}

function sees(fork: Fork, { loss, grad }: StepView): boolean {
  return Object.is(loss, fork.loss) && grad.every((g, i) => Object.is(g, fork.grad[i]));
}

/** An observer that is shown the steps up to `last`. */
function until(last: number, observer: RunObserver): RunObserver {
  return {
    onStep: (step) => (step.t <= last ? observer.onStep?.(step) : undefined),
    onEpoch: (epoch) => (epoch.t <= last ? observer.onEpoch?.(epoch) : undefined),
  };
}
