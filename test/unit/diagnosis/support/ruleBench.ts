import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfig, RunConfigPatch } from '../../../../src/core/config/runConfig';
import { coordinateNames } from '../../../../src/core/coordinates/coordinateNames';
import { Board, type Posted } from '../../../../src/core/diagnosis/board';
import type { CodeFoundBy } from '../../../../src/core/diagnosis/catalogue';
import type { Finding, Origin } from '../../../../src/core/diagnosis/finding';
import type { Probing } from '../../../../src/core/diagnosis/probes/probe';
import type { StabilitySample } from '../../../../src/core/diagnosis/probes/stabilityGauge';
import type { Rule, RuleContext } from '../../../../src/core/diagnosis/rule';
import { rules } from '../../../../src/core/diagnosis/rules/registry';
import { DecayDrift } from '../../../../src/core/diagnosis/terms/decayDrift';
import { GradientPresence } from '../../../../src/core/diagnosis/terms/gradientPresence';
import { LossTerms } from '../../../../src/core/diagnosis/terms/lossTerms';
import { Moves } from '../../../../src/core/diagnosis/terms/moves';
import { expectedRebound } from '../../../../src/core/diagnosis/terms/rebound';
import { SpikeWatch } from '../../../../src/core/diagnosis/terms/spikeWatch';
import type { RunEnd } from '../../../../src/core/ending/runEnd';
import { lossWordsOf } from '../../../../src/core/lossWords';
import type { RunOutcome } from '../../../../src/core/runLoop';
import type { StepView } from '../../../../src/core/update';
import { expectWellWorded } from '../../../support/findingWords';
import { ScriptedPath, type ScriptedStep } from './scriptedPath';

export interface BenchOptions {
  readonly dim?: number;
  /** theta_0; 0 unless given. */
  readonly start?: readonly number[];
  readonly stepsPerEpoch?: number;
  readonly isContextual?: boolean;
  readonly probing?: Probing | null;
}

/** Runs one rule alone on given steps, curvature samples and ends, without a real run. */
export class RuleBench {
  readonly board = new Board();
  readonly terms: LossTerms;
  readonly config: RunConfig;
  /** null: the rule does not apply to such a run. */
  readonly rule: Rule | null;
  /** The curvature along the path that the rule reads. */
  curvature = Number.NaN;
  readonly #code: CodeFoundBy<'rule'>;
  readonly #spikes: SpikeWatch;
  readonly #moves: Moves;
  readonly #presence: GradientPresence;
  readonly #decayDrift: DecayDrift | null;
  readonly #path: ScriptedPath;
  #sample: StabilitySample | null = null;
  #last: StepView | null = null;
  #foreign: Posted | null = null;

  constructor(
    code: CodeFoundBy<'rule'>,
    patch: RunConfigPatch,
    { dim = 1, start, stepsPerEpoch = 1, isContextual = false, probing = null }: BenchOptions = {},
  ) {
    const { config, problems } = resolveConfig([patch]);
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
    this.#code = code;
    this.config = config;
    this.terms = new LossTerms(stepsPerEpoch, isContextual);
    this.#spikes = new SpikeWatch(this.terms, config.steps);
    this.#moves = new Moves(dim);
    this.#presence = new GradientPresence(dim);
    this.#decayDrift = DecayDrift.for(config, this.terms);
    this.#path = new ScriptedPath(config, dim, start);
    const context: RuleContext = {
      config,
      dim,
      nameOf: coordinateNames(config.names, null, dim),
      words: lossWordsOf(config),
      stepsPerEpoch,
      isContextual,
      terms: this.terms,
      spikes: this.#spikes,
      moves: this.#moves,
      presence: this.#presence,
      decayDrift: this.#decayDrift,
      board: this.board,
      probing,
      curvature: () => this.curvature,
      sample: () => this.#sample,
    };
    this.rule = rules[code](context);
  }

  /** The current findings of the rule. */
  get found(): readonly Finding[] {
    const found = this.board.findings.filter(({ code }) => code === this.#code);
    for (const finding of found) expectWellWorded(finding);
    return found;
  }
  get finding(): Finding | undefined {
    return this.found[0];
  }
  /** The step range of its finding. */
  get range(): readonly [number, number] | undefined {
    return this.finding?.steps;
  }
  /** The number of the last step. */
  get t(): number {
    return this.#path.t;
  }

  step(step: ScriptedStep): this {
    const view = this.#path.step(step);
    this.#last = view;
    this.terms.onStep(view);
    this.#spikes.push(view.t, view.loss);
    this.#moves.onStep(view);
    this.#presence.onStep(view);
    this.#decayDrift?.onStep(view);
    this.rule?.onStep?.(view);
    return this;
  }

  /** Repeats one step, or makes the steps that `step` returns for the numbers from 0 on. */
  steps(count: number, step: ScriptedStep | ((k: number) => ScriptedStep)): this {
    for (let k = 0; k < count; k++) this.step(typeof step === 'function' ? step(k) : step);
    return this;
  }

  losses(...losses: readonly number[]): this {
    for (const loss of losses) this.step({ loss });
    return this;
  }

  /** Passes the operation that made the loss non-finite to the rule. */
  origin(origin: Origin): this {
    this.rule?.onOrigin?.(origin);
    return this;
  }

  /** Runs the probe of the rule at the last step, if it is due. */
  async look(): Promise<boolean> {
    const probe = this.rule?.probe;
    if (!probe?.isDue(this.#last!)) return false;
    await probe.look(this.#last!);
    return true;
  }

  /** Passes a curvature sample at the last step to the rule. */
  sample(sample: Partial<StabilitySample>): this {
    const dim = this.#last!.params.length;
    const axis = () => Float64Array.from({ length: dim }, (_, i) => (i === 0 ? 1 : 0));
    const { preconditioner = 1, curvature = 1, largest = 1, smallest = 1 } = sample;
    const made: StabilitySample = {
      t: this.t,
      value: 1,
      limit: 2,
      longestReduction: (2 * smallest) / largest,
      largest,
      smallest,
      isWhole: true,
      isCurvedDown: smallest < 0,
      escapeGain: smallest < 0 ? 1 : 0,
      ridgeAway: 0,
      curvature,
      preconditioner,
      rebound: expectedRebound(this.config.optimizer, preconditioner, curvature),
      sharpest: axis(),
      flattest: axis(),
      ...sample,
    };
    this.#sample = made;
    this.rule?.onSample?.(made, this.#last!);
    return this;
  }

  /** Informs the rule that a divergence begins. */
  mute(): this {
    this.rule?.onMuted?.();
    return this;
  }

  /** Posts a finding of another rule. */
  post(code: Finding['code'], kind?: string): this {
    this.#foreign = this.board.post({
      code,
      severity: 'warning',
      headline: '',
      detail: '',
      advice: '',
      steps: [this.t, this.t],
      coordinates: [],
      evidence: kind === undefined ? {} : { class: kind },
      subject: null,
      fixes: [],
    });
    return this;
  }

  /** Withdraws the finding of `post`. */
  unpost(): this {
    this.#foreign?.withdraw();
    return this;
  }

  /** @param end  the evidence at the end of the run; null if it is not known */
  finish(final: Partial<RunOutcome> = {}, end: RunEnd | null = null): this {
    this.rule?.finish?.(this.#path.outcome(final), end);
    return this;
  }
}
