import type { CodeFoundBy } from '../catalogue';
import type { RuleFactory } from '../rule';
import { ClippingDominatesRule } from './clippingDominates';
import { CoupledWeightDecayRule } from './coupledWeightDecay';
import { CyclicGradientRule } from './cyclicGradient';
import { DivergenceRule } from './divergence';
import { EdgeOfStabilityRule } from './edgeOfStability';
import { EpsDominatesRule } from './epsDominates';
import { IllConditionedRule } from './illConditioned';
import { InstabilityAtStartRule } from './instabilityAtStart';
import { LossSpikeRule } from './lossSpike';
import { NoFiniteMinimumRule } from './noFiniteMinimum';
import { NoiseLimitedRule } from './noiseLimited';
import { NonFiniteGradientRule } from './nonFiniteGradient';
import { NonFiniteLossRule } from './nonFiniteLoss';
import { OscillationRule } from './oscillation';
import { OverfittingRule } from './overfitting';
import { PlateauRule } from './plateau';
import { PoorScalingRule } from './poorScaling';
import { PrecisionLossRule } from './precisionLoss';
import { SaturationRule } from './saturation';
import { ScheduleMismatchRule } from './scheduleMismatch';
import { SparseGradientRule } from './sparseGradient';
import { StaleSecondMomentRule } from './staleSecondMoment';
import { StoppedWhileImprovingRule } from './stoppedWhileImproving';
import { UnboundedLossRule } from './unboundedLoss';
import { UnrectifiedStepsRule } from './unrectifiedSteps';
import { WeightDecayDominatesRule } from './weightDecayDominates';
import { ZeroGradientRule } from './zeroGradient';

/**
 * The rule of every code that rules report; a missing one is a compile error. order.ts defines the order of
 * the rules.
 */
export const rules = {
  'unrectified-steps': (context) => UnrectifiedStepsRule.for(context),
  divergence: (context) => new DivergenceRule(context),
  'non-finite-loss': (context) => new NonFiniteLossRule(context),
  'non-finite-gradient': (context) => new NonFiniteGradientRule(context),
  'coupled-weight-decay': (context) => new CoupledWeightDecayRule(context),
  'instability-at-start': (context) => new InstabilityAtStartRule(context),
  'stale-second-moment': (context) => StaleSecondMomentRule.for(context),
  'loss-spike': (context) => new LossSpikeRule(context),
  oscillation: (context) => new OscillationRule(context),
  plateau: (context) => new PlateauRule(context),
  'edge-of-stability': (context) => new EdgeOfStabilityRule(context),
  'eps-dominates': (context) => EpsDominatesRule.for(context),
  'zero-gradient': (context) => new ZeroGradientRule(context),
  'sparse-gradient': (context) => new SparseGradientRule(context),
  'ill-conditioned': (context) => IllConditionedRule.for(context),
  'noise-limited': (context) => NoiseLimitedRule.for(context),
  overfitting: (context) => OverfittingRule.for(context),
  'cyclic-gradient': (context) => CyclicGradientRule.for(context),
  'unbounded-loss': (context) => new UnboundedLossRule(context),
  'no-finite-minimum': (context) => new NoFiniteMinimumRule(context),
  'weight-decay-dominates': (context) => WeightDecayDominatesRule.for(context),
  'clipping-dominates': (context) => ClippingDominatesRule.for(context),
  'schedule-mismatch': (context) => ScheduleMismatchRule.for(context),
  'stopped-while-improving': (context) => StoppedWhileImprovingRule.for(context),
  saturation: (context) => new SaturationRule(context),
  'poor-scaling': (context) => new PoorScalingRule(context),
  'precision-loss': (context) => PrecisionLossRule.for(context),
} satisfies { readonly [C in CodeFoundBy<'rule'>]: RuleFactory };
