import type { RunConfig } from '../config/runConfig';
import type { RecordedState } from '../optimizers/optimizer';
import { optimizerAt, type Phase } from '../phases';
import { type CoordinateStep, phaseAt } from './coordinateStep';
import { evaluate, parseExpression } from './expression';
import type { UpdateFormula } from './formula';
import { formulas } from './formulas/registry';
import type { SymbolName } from './symbols';

/** One step of a coordinate with the values of all names of its formula. */
export interface ComputedStep {
  readonly of: CoordinateStep;
  readonly phase: Phase;
  /** null: the step was skipped, because the gradient overflowed. */
  readonly formula: UpdateFormula | null;
  readonly values: ReadonlyMap<SymbolName, number>;
  /** theta_{t−1} */
  readonly thetaBefore: number;
  /** The state before the step, as the formulas name it; 0 where the optimizer begins. */
  readonly stateBefore: (name: RecordedState) => number;
}

/** The names of the state before the step, in the formulas. */
const statesBefore: readonly (readonly [SymbolName, RecordedState])[] = [
  ['m0', 'm'],
  ['v0', 'v'],
  ['vMax0', 'vMax'],
  ['u0', 'u'],
  ['sum0', 'sum'],
  ['gAvg0', 'gAvg'],
  ['b0', 'momentum'],
  ['muProduct0', 'muProduct'],
];

/**
 * Computes a step of a coordinate by the formula of its optimizer, from the state that the record of the step before holds.
 *
 * @param before  the step before; null for step 1
 * @param start   theta_0 of the coordinate; used for step 1 only
 */
export function computedStep(
  config: RunConfig,
  dim: number,
  coordinate: number,
  of: CoordinateStep,
  before: CoordinateStep | null,
  start: number,
): ComputedStep {
  const phase = phaseAt(config, dim, coordinate, of.phase);
  const { options } = phase;
  const isSkipped = of.age === (before !== null && before.phase === of.phase ? before.age : 0);
  const { name } = optimizerAt(config, of.phase);
  const formula = isSkipped ? null : formulas[name](options, { t: of.age, beta: of.beta });
  const thetaBefore = before === null ? start : before.params;
  const stateBefore = (state: RecordedState) => {
    if (of.age > 1 && before !== null) return before.stateOf(state);
    if (state === 'muProduct') return 1;
    return state === 'sum' ? Number(options.initialAccumulatorValue) : 0;
  };
  const values = new Map<SymbolName, number>([
    ['t', of.age],
    ['theta0', thetaBefore],
    ['grad', of.grad],
    ['lr', of.lr],
    ['beta1', of.beta],
    ['momentum', of.beta],
    ...statesBefore.map(([symbol, state]) => [symbol, stateBefore(state)] as const),
    ...(Object.entries(formula?.constants ?? {}) as [SymbolName, number][]),
  ]);
  for (const [symbol, text] of formula?.lines ?? [])
    values.set(
      symbol,
      evaluate(parseExpression(text), (used) => values.get(used as SymbolName)!),
    );
  return { of, phase, formula, values, thetaBefore, stateBefore };
}

/** The value of an expression in a step. */
export function valueIn({ values }: ComputedStep, text: string): number {
  return evaluate(parseExpression(text), (name) => values.get(name as SymbolName) ?? Number.NaN);
}
