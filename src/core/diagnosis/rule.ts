import type { RunConfig } from '../config/runConfig';
import type { NameOf } from '../coordinates/coordinateNames';
import type { RunEnd } from '../ending/runEnd';
import type { LossWords } from '../lossWords';
import type { RunOutcome } from '../runLoop';
import type { StepView } from '../update';
import type { Board } from './board';
import type { Origin } from './finding';
import type { Probe, Probing } from './probes/probe';
import type { StabilitySample } from './probes/stabilityGauge';
import type { DecayDrift } from './terms/decayDrift';
import type { GradientPresence } from './terms/gradientPresence';
import type { LossTerms } from './terms/lossTerms';
import type { Moves } from './terms/moves';
import type { SpikeWatch } from './terms/spikeWatch';

/** The findings of the run, as rules see them. */
export type RuleBoard = Pick<Board, 'post' | 'has' | 'locate' | 'findings'>;

/** The inputs of every rule. The terms are up to date with the step when `onStep` is called. */
export interface RuleContext {
  readonly config: RunConfig;
  readonly dim: number;
  readonly nameOf: NameOf;
  /** The words for the function of the run, and its values as the user has them. */
  readonly words: LossWords;
  readonly stepsPerEpoch: number;
  /** Whether the loss may change from step to step: it takes its second argument, and not only the indices of all samples. */
  readonly isContextual: boolean;
  readonly terms: LossTerms;
  readonly spikes: SpikeWatch;
  readonly moves: Moves;
  readonly presence: GradientPresence;
  /** Whether weight decay moves the parameters uphill; null without weight decay. */
  readonly decayDrift: DecayDrift | null;
  readonly board: RuleBoard;
  /** The loss, for rules that need more evaluations; null if it may not be evaluated again. */
  readonly probing: Probing | null;
  /** The curvature along the path, see `StartCurvature`; NaN if unknown. */
  curvature(): number;
  /** The last sample of the preconditioned sharpness; null before the first one, or without sampling. */
  sample(): StabilitySample | null;
}

/**
 * A rule for one run. It copies what it needs from a step (the next step overwrites the view), takes at most
 * O(dim) time, allocates nothing as long as it has no finding, and posts its findings on the board.
 */
export interface Rule {
  onStep?(step: StepView): void;
  /** Receives a new sample of the preconditioned sharpness at this step. */
  onSample?(sample: StabilitySample, step: StepView): void;
  /** @param end  the evidence at the end of the run; null if it is not known */
  finish?(outcome: RunOutcome, end: RunEnd | null): void;
  /** Called after `finish` with the operation that made the loss or its gradient non-finite, if it is known. */
  onOrigin?(origin: Origin): void;
  /**
   * Called when the run begins to diverge. The rule receives no steps as long as it diverges, and a forecast
   * of instability is obsolete.
   */
  onMuted?(): void;
  /** The probe of the rule, which evaluates the loss. */
  readonly probe?: Probe | null;
}

/** A rule that may mute the rules after it. */
export interface MutingRule extends Rule {
  /** Whether it mutes them after the last step. */
  readonly mutesOthers: boolean;
}

/** null: the rule does not apply to this run. */
export type RuleFactory = (context: RuleContext) => Rule | null;

/**
 * The next step at which the end of a lasting finding is updated: after 5 % of the steps so far, at least 50
 * steps.
 */
export function nextUpdateAfter(t: number): number {
  return t + Math.max(50, Math.ceil(t / 20));
}
