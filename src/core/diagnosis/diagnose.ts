import { isAdaptive } from '../config/readOptions';
import type { RunConfig } from '../config/runConfig';
import { coordinateNames, type NameOf } from '../coordinateNames';
import { Measurements } from '../measurements';
import type { MaybePromise } from '../objective';
import type { RunObserver, RunOutcome } from '../run';
import type { StepView } from '../update';
import { Board, type FindingReport } from './board';
import type { CodeFoundBy } from './catalogue';
import type { Finding, Origin } from './finding';
import type { Probe, Probing } from './probes/probe';
import { StabilityGauge } from './probes/stabilityGauge';
import type { MutingRule, Rule, RuleContext } from './rule';
import { ruleOrder } from './rules/order';
import { rules } from './rules/registry';
import { GradientPresence } from './terms/gradientPresence';
import { LossTerms } from './terms/lossTerms';
import { Moves } from './terms/moves';
import { SpikeWatch } from './terms/spikeWatch';
import { StartCurvature } from './terms/startCurvature';

/**
 * How far a diagnosis goes: `full` evaluates the loss beside the path too, for curvature and for what else only that can
 * tell; `steps` judges the steps alone; `off` says nothing.
 */
export const diagnosisLevels = ['full', 'steps', 'off'] as const;
export type DiagnosisLevel = (typeof diagnosisLevels)[number];

export interface DiagnosisRequest {
  readonly config: RunConfig;
  readonly dim: number;
  /** Of the coordinates; absent: the configuration's names, else `theta[i]`. */
  readonly nameOf?: NameOf;
  /** 1 without mini-batches. */
  readonly stepsPerEpoch: number;
  /** Whether the loss takes its second argument; false if left out. */
  readonly isContextual?: boolean;
  /** Takes in what the probes measure; absent: nobody wants to know. */
  readonly measurements?: Measurements;
  /** The loss, to look around the steps with; absent: the steps alone are judged, and nothing is said of curvature. */
  readonly probing?: Probing | null;
}

/**
 * Watches one run and says what is wrong with it, while it goes: hand it every step, and the outcome at the end. The
 * work of a step is O(dim) and allocates nothing while there is nothing to say. Where it may look around, some steps
 * take a promise: see `affordableEvery` for how many.
 */
export class Diagnosis implements RunObserver {
  readonly #board = new Board();
  readonly #terms: LossTerms;
  readonly #spikes: SpikeWatch;
  readonly #moves: Moves;
  readonly #presence: GradientPresence;
  /** Gradient descent only: elsewhere the plain curvature says nothing of the step. */
  readonly #curvature: StartCurvature | null;
  readonly #rules: readonly Rule[];
  readonly #muting: MutingRule;
  /** Those before it, and itself; those that it mutes. */
  readonly #groups: { readonly first: readonly Rule[]; readonly muted: readonly Rule[] };
  /** What the rules do with a step, up to the one that mutes and after it: called as they are, which is faster. */
  readonly #watchers: { readonly first: readonly Watcher[]; readonly muted: readonly Watcher[] };
  readonly #measurements: Measurements;
  readonly #gauge: StabilityGauge | null;
  readonly #probes: readonly Probe[];
  #wasMuted = false;

  constructor({
    config,
    dim,
    nameOf = coordinateNames(config.names, null, dim),
    stepsPerEpoch,
    isContextual = false,
    measurements = new Measurements(),
    probing = null,
  }: DiagnosisRequest) {
    this.#measurements = measurements;
    this.#terms = new LossTerms(stepsPerEpoch, isContextual);
    this.#spikes = new SpikeWatch(this.#terms);
    this.#moves = new Moves(dim);
    this.#presence = new GradientPresence(dim);
    this.#curvature = isAdaptive(config) ? null : new StartCurvature(dim);
    this.#gauge = probing && new StabilityGauge(config, probing, measurements);
    const context: RuleContext = {
      config,
      dim,
      nameOf,
      stepsPerEpoch,
      isContextual,
      terms: this.#terms,
      spikes: this.#spikes,
      moves: this.#moves,
      presence: this.#presence,
      board: this.#board,
      probing,
      curvature: () => this.#curvature?.largest ?? Number.NaN,
      sample: () => this.#gauge?.latest ?? null,
    };
    const made = (codes: readonly CodeFoundBy<'rule'>[]) =>
      codes.map((code) => rules[code](context)).filter((rule) => rule !== null);
    const before = made(ruleOrder.first);
    this.#muting = rules[ruleOrder.mutes](context);
    const first = [...before, this.#muting];
    const muted = made(ruleOrder.muted);
    this.#groups = { first, muted };
    this.#rules = [...first, ...muted];
    this.#watchers = { first: watchersOf(first), muted: watchersOf(muted) };
    this.#probes = [this.#gauge, ...this.#rules.map(({ probe }) => probe ?? null)].filter(
      (probe) => probe !== null,
    );
  }

  /** What was found so far, oldest first. A new array after every change. */
  get findings(): readonly Finding[] {
    return this.#board.findings;
  }

  /** Goes up by 1 whenever the findings change. */
  get revision(): number {
    return this.#board.revision;
  }

  /** Takes in what a check found. */
  post(report: FindingReport): void {
    this.#board.post(report);
  }

  /** Says which operation made a loss or gradient that is not finite. */
  locateNonFinite(origin: Origin): void {
    for (const code of ['non-finite-loss', 'non-finite-gradient'] as const) this.#board.locate(code, origin);
  }

  /** Says at which operation the derivatives of a `zero-gradient` end. */
  locateZeroGradient(origin: Origin): void {
    this.#board.locate('zero-gradient', origin);
  }

  onStep(step: StepView): MaybePromise<void> {
    this.#terms.onStep(step);
    this.#spikes.push(step.t, step.loss);
    this.#moves.onStep(step);
    this.#presence.onStep(step);
    this.#curvature?.onStep(step, this.#terms);
    const { first, muted } = this.#watchers;
    for (let i = 0; i < first.length; i++) first[i]!(step);
    if (this.#isMuted()) {
      // Nobody samples: the last value must not stand there as if it held.
      this.#measurements.endAt(step.t);
      return;
    }
    for (let i = 0; i < muted.length; i++) muted[i]!(step);
    for (const probe of this.#probes) if (probe.isDue(step)) return this.#look(step);
  }

  /** To be called once, when the run is over: the findings then say how it ended. */
  finish(outcome: RunOutcome): void {
    const { first, muted } = this.#groups;
    for (const rule of first) rule.finish?.(outcome);
    if (this.#isMuted()) return;
    for (const rule of muted) rule.finish?.(outcome);
  }

  /** Whether the rules after the muting one have nothing to say for now. They are told when that begins. */
  #isMuted(): boolean {
    const isMuted = this.#muting.mutesOthers;
    if (isMuted && !this.#wasMuted) for (const rule of this.#rules) rule.onMuted?.();
    this.#wasMuted = isMuted;
    return isMuted;
  }

  async #look(step: StepView): Promise<void> {
    const before = this.#gauge?.latest;
    for (const probe of this.#probes) {
      if (!probe.isDue(step)) continue;
      try {
        await probe.look(step);
      } catch {
        // A loss may throw beside the path: then nothing can be said here.
      }
    }
    const sample = this.#gauge?.latest;
    if (!sample || sample === before) return;
    for (const rule of this.#rules) rule.onSample?.(sample, step);
  }
}

type Watcher = (step: StepView) => void;

function watchersOf(rules: readonly Rule[]): Watcher[] {
  return rules.flatMap((rule) => (rule.onStep ? [rule.onStep.bind(rule)] : []));
}
