import type { RunConfig } from '../config/runConfig';
import type { NameOf } from '../coordinateNames';
import type { RunOutcome } from '../runLoop';
import type { StepView } from '../update';
import type { Board } from './board';
import type { Probe, Probing } from './probes/probe';
import type { StabilitySample } from './probes/stabilityGauge';
import type { GradientPresence } from './terms/gradientPresence';
import type { LossTerms } from './terms/lossTerms';
import type { Moves } from './terms/moves';
import type { SpikeWatch } from './terms/spikeWatch';

/** What every rule is made from. The terms of a step are up to date when `onStep` is called. */
export interface RuleContext {
  readonly config: RunConfig;
  readonly dim: number;
  readonly nameOf: NameOf;
  readonly stepsPerEpoch: number;
  /** Whether the loss takes its second argument: only then may it change from step to step. */
  readonly isContextual: boolean;
  readonly terms: LossTerms;
  readonly spikes: SpikeWatch;
  readonly moves: Moves;
  readonly presence: GradientPresence;
  readonly board: Board;
  /** The loss, for a rule that must look around; null where it may not be evaluated again. */
  readonly probing: Probing | null;
  /** Curvature along the path, see `StartCurvature`; NaN while unknown. */
  curvature(): number;
  /** The last sample of the curvature; null before the first, or where none is taken. */
  sample(): StabilitySample | null;
}

/**
 * A rule at work on one run. It keeps what it needs of a step (the view is overwritten by the next), in O(dim) time or
 * less, allocates nothing while it has nothing to say, and posts what it finds on the board.
 */
export interface Rule {
  onStep?(step: StepView): void;
  /** A new sample of the curvature, of this step. */
  onSample?(sample: StabilitySample, step: StepView): void;
  finish?(outcome: RunOutcome): void;
  /** The run begins to diverge, and this rule will not be asked while it does: what it forecast has come. */
  onMuted?(): void;
  /** What it has to evaluate the loss for. */
  readonly probe?: Probe | null;
}

/** A rule that may keep the rules after it quiet. */
export interface MutingRule extends Rule {
  /** Whether it does, as of the last step. */
  readonly mutesOthers: boolean;
}

/** null: the rule has nothing to watch in such a run. */
export type RuleFactory = (context: RuleContext) => Rule | null;

/** When the end of a lasting finding is moved on: every 5 % of the run so far, at least 50 steps apart. */
export function nextUpdateAfter(t: number): number {
  return t + Math.max(50, Math.ceil(t / 20));
}
