import type { CheckCode, DiagnosisCode } from '../catalogue';
import type { Rule, RuleContext } from '../rule';
import { DivergenceRule } from './divergence';
import { InstabilityAtStartRule } from './instabilityAtStart';
import { NonFiniteGradientRule } from './nonFiniteGradient';
import { NonFiniteLossRule } from './nonFiniteLoss';
import { PlateauRule } from './plateau';

/**
 * A rule for every code of the catalogue that is not a check: a missing one does not compile. A step goes through them in this order.
 * Divergence comes first because it mutes the others, a loss that is not finite before its gradient.
 */
export const rules = {
  divergence: (context: RuleContext) => new DivergenceRule(context),
  'non-finite-loss': (context: RuleContext) => new NonFiniteLossRule(context),
  'non-finite-gradient': (context: RuleContext) => new NonFiniteGradientRule(context),
  'instability-at-start': (context: RuleContext) => new InstabilityAtStartRule(context),
  plateau: (context: RuleContext) => new PlateauRule(context),
} satisfies { readonly [C in Exclude<DiagnosisCode, CheckCode>]: (context: RuleContext) => Rule };
