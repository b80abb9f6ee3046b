import type { OptionSpecs, OptionsOf } from '../config/optionSpecs';
import type { StateName } from '../optimizers/optimizer';
import type { SymbolName } from './symbols';

/** A line of the computation: a name and the expression of its value. It reads inputs and earlier lines. */
export type FormulaLine = readonly [name: SymbolName, expression: string];

/**
 * How past gradients enter the update, with expressions that are evaluated for each step:
 *
 *   state_i = keep_i · state_{i−1} + take_i · g_i
 *   update_t = −scale_t · (ofState_t · state_t + ofGradient_t · g_t)        without decoupled decay
 */
export interface GradientMemory {
  /** null: the update depends on the gradient of its own step only. */
  readonly state: StateName | null;
  readonly keep: string;
  readonly take: string;
  readonly ofState: string;
  readonly ofGradient: string;
  readonly scale: string;
}

/** The computation of one step of one coordinate. */
export interface UpdateFormula {
  /** In the order of computation. The last one is `update`. */
  readonly lines: readonly FormulaLine[];
  /** Options of the optimizer that the lines read. */
  readonly constants: Readonly<Partial<Record<SymbolName, number>>>;
  readonly memory: GradientMemory;
  /** The name of the gradient with an L2 penalty: `g`, or `grad` if there is none. */
  readonly gradient: 'g' | 'grad';
}

/** The step whose formula is wanted. */
export interface FormulaStep {
  /** The optimizer's own step count, 1-based. */
  readonly t: number;
  /** beta1 or momentum of this step. */
  readonly beta: number;
}

/** The formula of an optimizer with these options: only the terms that they leave. */
export type FormulaOf = (options: OptionsOf<OptionSpecs>, at: FormulaStep) => UpdateFormula;

/** Of an optimizer whose update depends on the gradient of its own step only. */
export function withoutMemory(
  gradient: 'g' | 'grad',
  scale: string,
): Pick<UpdateFormula, 'memory' | 'gradient'> {
  return { gradient, memory: { state: null, keep: '0', take: '0', ofState: '0', ofGradient: '1', scale } };
}

/** The line of an L2 penalty; none if it has no weight. @param theta  the parameter that it is taken from */
export function penaltyLine(l2: number, theta: 'theta0' | 'theta1' = 'theta0'): readonly FormulaLine[] {
  return l2 === 0 ? [] : [['g', `grad + lambda * ${theta}`]];
}

export function gradientName(l2: number): 'g' | 'grad' {
  return l2 === 0 ? 'grad' : 'g';
}
