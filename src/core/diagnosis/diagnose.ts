import { directionOf } from '../ascent';
import { isAdaptive } from '../config/readOptions';
import type { RunConfig } from '../config/runConfig';
import { coordinateNames, type NameOf } from '../coordinates/coordinateNames';
import type { RunEnd } from '../ending/runEnd';
import { lossWordsOf } from '../lossWords';
import { Measurements } from '../measurements';
import type { MaybePromise } from '../objective';
import type { RunObserver, RunOutcome } from '../runLoop';
import type { StepView } from '../update';
import { Board } from './board';
import type { CodeFoundBy, DiagnosisCode } from './catalogue';
import { withoutConsequences, withoutNoise } from './consequences';
import type { Finding, FindingReport, Fix, Origin } from './finding';
import { groupRule } from './groupRules';
import type { Probe, Probing } from './probes/probe';
import { StabilityGauge } from './probes/stabilityGauge';
import type { MutingRule, Rule, RuleContext } from './rule';
import { risenAgain } from './rules/instabilityReport';
import { withDatum } from './rules/nonFiniteDatum';
import { ruleOrder } from './rules/order';
import { rules } from './rules/registry';
import { afterSwitch } from './secondOptimizer';
import { DecayDrift } from './terms/decayDrift';
import { GradientPresence } from './terms/gradientPresence';
import { LossTerms } from './terms/lossTerms';
import { Moves } from './terms/moves';
import { SpikeWatch } from './terms/spikeWatch';
import { StartCurvature } from './terms/startCurvature';

/**
 * The level of diagnosis: `full` also evaluates the loss at points other than those of the run, for the
 * curvature and other conditions that need it; `steps` uses only the steps of the run; `off` reports no
 * findings.
 */
export const diagnosisLevels = ['full', 'steps', 'off'] as const;
export type DiagnosisLevel = (typeof diagnosisLevels)[number];

/** Rules whose condition is a formula of one set of options: with parameter groups, each group has its own (`groupRule`). */
const ofOneOptimizer: ReadonlySet<CodeFoundBy<'rule'>> = new Set([
  'unrectified-steps',
  'coupled-weight-decay',
  'stale-second-moment',
  'eps-dominates',
  'cyclic-gradient',
  'weight-decay-dominates',
]);

/** What rules report of the course of a loss that diverges. Values that are not finite are facts of their own. */
const consequences: ReadonlySet<DiagnosisCode> = new Set<DiagnosisCode>([
  'instability-at-start',
  'stale-second-moment',
  'loss-spike',
  'oscillation',
  'plateau',
  'edge-of-stability',
  'eps-dominates',
  'ill-conditioned',
  'noise-limited',
]);

export interface DiagnosisRequest {
  readonly config: RunConfig;
  readonly dim: number;
  /** Names of the coordinates; absent: the names in the configuration, else `theta[i]`. */
  readonly nameOf?: NameOf;
  /** Steps per epoch; 1 without mini-batches. */
  readonly stepsPerEpoch: number;
  /** Whether the loss takes its second argument; absent: false. */
  readonly isContextual?: boolean;
  /** Receives the values that the probes measure; absent: they are not recorded. */
  readonly measurements?: Measurements;
  /**
   * The loss, for evaluations near the steps; absent: only the steps are used, and nothing about curvature is
   * reported.
   */
  readonly probing?: Probing | null;
}

/**
 * Observes one run and reports findings while it is running: pass it every step, and the outcome at the end.
 * The work per step is O(dim), without allocations as long as there are no findings. If it may evaluate the
 * loss, some steps return a promise; `affordableEvery` limits how often.
 */
export class Diagnosis implements RunObserver {
  readonly #board: Board;
  /** With the optimizer that makes the steps now. */
  #config: RunConfig;
  readonly #terms: LossTerms;
  readonly #spikes: SpikeWatch;
  readonly #moves: Moves;
  readonly #presence: GradientPresence;
  readonly #decayDrift: DecayDrift | null;
  /**
   * Set for gradient descent only. With other optimizers, the curvature alone does not determine the
   * stability of a step.
   */
  readonly #curvature: StartCurvature | null;
  readonly #context: RuleContext;
  readonly #rules: readonly Rule[];
  readonly #muting: MutingRule;
  /** `first`: the rules before the muting rule, that rule, and those that it does not mute; `muted`: the rules that it mutes. */
  readonly #groups: { readonly first: readonly Rule[]; readonly muted: readonly Rule[] };
  /** The `onStep` methods of the same two groups: direct calls are faster. */
  readonly #watchers: { readonly first: readonly Watcher[]; readonly muted: readonly Watcher[] };
  readonly #measurements: Measurements;
  readonly #gauge: StabilityGauge | null;
  readonly #probes: readonly Probe[];
  #wasMuted = false;
  #hasSwitched = false;

  constructor({
    config,
    dim,
    nameOf = coordinateNames(config.names, null, dim),
    stepsPerEpoch,
    isContextual = false,
    measurements = new Measurements(),
    probing = null,
  }: DiagnosisRequest) {
    this.#config = config;
    this.#board = new Board(directionOf(config));
    this.#measurements = measurements;
    this.#terms = new LossTerms(stepsPerEpoch, isContextual);
    this.#spikes = new SpikeWatch(this.#terms, config.steps);
    this.#moves = new Moves(dim);
    this.#presence = new GradientPresence(dim);
    this.#decayDrift = DecayDrift.for(config, this.#terms);
    this.#curvature = isAdaptive(config) || config.groups ? null : new StartCurvature(dim);
    this.#gauge = probing && new StabilityGauge(config, probing, measurements);
    const now = () => this.#config;
    const context: RuleContext = {
      get config() {
        return now();
      },
      dim,
      nameOf,
      words: lossWordsOf(config),
      stepsPerEpoch,
      isContextual,
      terms: this.#terms,
      spikes: this.#spikes,
      moves: this.#moves,
      presence: this.#presence,
      decayDrift: this.#decayDrift,
      board: this.#board,
      probing,
      curvature: () => this.#curvature?.largest ?? Number.NaN,
      sample: () => this.#gauge?.latest ?? null,
    };
    this.#context = context;
    const made = (codes: readonly CodeFoundBy<'rule'>[]) =>
      codes
        .map((code) => (ofOneOptimizer.has(code) ? groupRule(context, rules[code]) : rules[code](context)))
        .filter((rule) => rule !== null);
    const before = made(ruleOrder.first);
    this.#muting = rules[ruleOrder.mutes](context);
    const first = [...before, this.#muting, ...made(ruleOrder.unmuted)];
    const muted = made(ruleOrder.muted);
    this.#groups = { first, muted };
    this.#rules = [...first, ...muted];
    this.#watchers = { first: watchersOf(first), muted: watchersOf(muted) };
    this.#probes = [this.#gauge, ...this.#rules.map(({ probe }) => probe ?? null)].filter(
      (probe) => probe !== null,
    );
  }

  /** The findings so far, oldest first, without consequences of a wrong gradient or a random loss. A new array after every change. */
  get findings(): readonly Finding[] {
    return withoutConsequences(this.#board.findings);
  }

  /** All findings so far: they describe the course of the run, whatever its cause, but not its noise. */
  get allFindings(): readonly Finding[] {
    return withoutNoise(this.#board.findings);
  }

  /** Increases by 1 whenever the findings change. */
  get revision(): number {
    return this.#board.revision;
  }

  /** Adds the finding of a check. */
  post(report: FindingReport): void {
    this.#board.post(report);
  }

  /** Sets the operation that produced the non-finite loss or gradient. */
  locateNonFinite(origin: Origin): void {
    for (const rule of this.#rules) rule.onOrigin?.(origin);
    if (origin.kind === 'non-finite-datum')
      this.#board.revise('non-finite-loss', (report) => withDatum(report, origin));
    for (const code of ['non-finite-loss', 'non-finite-gradient'] as const) this.#board.locate(code, origin);
  }

  /** Sets the operation that causes the finding of a code. */
  locate(code: DiagnosisCode, origin: Origin): void {
    this.#board.locate(code, origin);
  }

  /** Adds fixes to a finding that the code of its loss suggests. To be called after `finish`. */
  propose(id: string, fixes: readonly Fix[]): void {
    this.#board.propose(id, fixes);
  }

  /** Removes findings that another one explains. */
  remove(isExplained: (finding: Finding) => boolean): void {
    this.#board.remove(isExplained);
  }

  onStep(step: StepView): MaybePromise<void> {
    if (step.phase > 0 && !this.#hasSwitched) this.#switch();
    this.#terms.onStep(step);
    this.#spikes.push(step.t, step.loss);
    this.#moves.onStep(step);
    this.#presence.onStep(step);
    this.#decayDrift?.onStep(step);
    this.#curvature?.onStep(step, this.#terms);
    const { first, muted } = this.#watchers;
    for (let i = 0; i < first.length; i++) first[i]!(step);
    if (this.#isMuted()) {
      // There are no further samples, so the last value must not be shown as current.
      this.#measurements.endAt(step.t);
      return;
    }
    for (let i = 0; i < muted.length; i++) muted[i]!(step);
    for (const probe of this.#probes) if (probe.isDue(step)) return this.#look(step);
  }

  /** Whether two evaluations at one point were found to differ. */
  get isLossRandom(): boolean {
    return this.#board.has('non-deterministic-loss');
  }

  /** Whether the loss is the same at each evaluation, but the gradient of the run was found to be wrong. */
  get isGradientWrong(): boolean {
    return !this.isLossRandom && this.#board.has('gradient-mismatch');
  }

  /** Whether the loss is the same at each evaluation, and its gradient is that of the loss, as far as it was checked. */
  get isLossReliable(): boolean {
    return !this.isLossRandom && !this.#board.has('gradient-mismatch');
  }

  /**
   * To be called once, after the run has ended: the findings then describe how it ended.
   *
   * @param end  the evidence at the end; null if it is not known
   */
  finish(outcome: RunOutcome, end: RunEnd | null = null): void {
    const { first, muted } = this.#groups;
    for (const rule of first) rule.finish?.(outcome, end);
    if (this.#isMuted()) this.#removeSinceDivergence();
    else for (const rule of muted) rule.finish?.(outcome, end);
    // Reported when the loss had returned, long before the end: the rest of the run may contradict that.
    this.#board.revise('instability-at-start', (report) => risenAgain(report, this.#context) ?? {});
  }

  /** What was found before a divergence was known to have begun is one of its consequences, too. */
  #removeSinceDivergence(): void {
    const divergence = this.#board.findings.find(({ code }) => code === ruleOrder.mutes);
    if (!divergence) return;
    const [from] = divergence.steps;
    this.#board.remove(({ code, steps }) => consequences.has(code) && steps[0] >= from);
  }

  #switch(): void {
    this.#hasSwitched = true;
    this.#config = afterSwitch(this.#config);
    this.#board.switchTo(this.#config.optimizer);
  }

  /** Whether the rules after the muting rule are muted now. Their `onMuted` is called when that begins. */
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
        // A loss may throw at points other than those of the run: then this probe has no result.
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
