import type { RunConfig } from '../config/runConfig';
import type { MaybePromise } from '../objective';
import type { RunObserver, RunOutcome } from '../run';
import type { StepView } from '../update';
import { Board, type Report } from './board';
import type { Finding, SourceLocation } from './finding';
import { isAdaptive } from './options';
import type { Probe, Probing } from './probes/probe';
import { StabilityGauge } from './probes/stabilityGauge';
import type { Rule, RuleContext } from './rule';
import { rules } from './rules/registry';
import { LossTerms } from './terms/lossTerms';
import { SpikeWatch } from './terms/spikeWatch';
import { StartCurvature } from './terms/startCurvature';

export interface DiagnosisRequest {
  readonly config: RunConfig;
  readonly dim: number;
  /** 1 without mini-batches. */
  readonly stepsPerEpoch: number;
  /** Whether the loss takes its second argument; false if left out. */
  readonly isContextual?: boolean;
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
  /** Gradient descent only: elsewhere the plain curvature says nothing of the step. */
  readonly #curvature: StartCurvature | null;
  readonly #rules: readonly Rule[];
  readonly #gauge: StabilityGauge | null;
  readonly #probes: readonly Probe[];
  #isMuted = false;

  constructor({ config, dim, stepsPerEpoch, isContextual = false, probing = null }: DiagnosisRequest) {
    this.#terms = new LossTerms(stepsPerEpoch);
    this.#spikes = new SpikeWatch(this.#terms);
    this.#curvature = isAdaptive(config) ? null : new StartCurvature(dim);
    this.#gauge = probing && new StabilityGauge(config, probing);
    const context: RuleContext = {
      config,
      dim,
      stepsPerEpoch,
      isContextual,
      terms: this.#terms,
      spikes: this.#spikes,
      board: this.#board,
      probing,
      curvature: () => this.#curvature?.largest ?? Number.NaN,
      sample: () => this.#gauge?.latest ?? null,
    };
    this.#rules = Object.values(rules)
      .map((create) => create(context))
      .filter((rule) => rule !== null);
    this.#probes = [this.#gauge, ...this.#rules.map(({ probe }) => probe ?? null)].filter(
      (probe) => probe !== null,
    );
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

  onStep(step: StepView): MaybePromise<void> {
    this.#terms.onStep(step);
    this.#spikes.push(step.t, step.loss);
    this.#curvature?.onStep(step, this.#terms);
    for (let i = 0; i < this.#rules.length; i++) {
      const rule = this.#rules[i]!;
      rule.onStep?.(step);
      if (!rule.mutesOthers) continue;
      this.#mute(i);
      return;
    }
    this.#isMuted = false;
    for (const probe of this.#probes) if (probe.isDue(step)) return this.#look(step);
  }

  /** To be called once, when the run is over: the findings then say how it ended. */
  finish(outcome: RunOutcome): void {
    for (let i = 0; i < this.#rules.length; i++) {
      const rule = this.#rules[i]!;
      rule.finish?.(outcome);
      if (!rule.mutesOthers) continue;
      this.#mute(i);
      return;
    }
  }

  /** The rules after the i-th have nothing to say for now. */
  #mute(i: number): void {
    if (this.#isMuted) return;
    this.#isMuted = true;
    for (const rule of this.#rules.slice(i + 1)) rule.onMuted?.();
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
