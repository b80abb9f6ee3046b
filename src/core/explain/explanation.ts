import type { ClipConfig, RunConfig } from '../config/runConfig';
import { cyclingSchedule } from '../phases';
import { type ComputedStep, computedStep } from './computedStep';
import { type Contribution, contributionsOf } from './contributions';
import type { CoordinateStep } from './coordinateStep';
import { parseExpression, toTex } from './expression';
import { type SymbolName, symbols } from './symbols';
import { numberTex } from './texNumber';

/** The number of past gradients that are listed with their weights. */
export const listedGradients = 10;

/** A quantity with its value. */
export interface ExplainedValue {
  readonly symbol: SymbolName;
  readonly tex: string;
  readonly meaning: string;
  readonly value: number;
}

/** A line of the computation. */
export interface ExplainedLine extends ExplainedValue {
  /** The formula with names: `m = beta1 * m0 + (1 - beta1) * grad`. */
  readonly text: string;
  /** The same typeset. */
  readonly formulaTex: string;
  /** The same with numbers in place of names, without its left side. */
  readonly numbersTex: string;
}

/**
 * Why a coordinate moved as it did at a step. The state in it has the bits of the recorded one. The update is computed in the
 * form of the textbook, which rounds differently from the implementation; `rounding` bounds the difference.
 */
export interface Explanation {
  readonly step: number;
  readonly coordinate: number;
  /** The name of the optimizer. */
  readonly optimizer: string;
  /** null: the step was skipped, because the gradient overflowed with a dynamic loss scale. */
  readonly formula: {
    /** The values that are given: gradient, options, state before the step. */
    readonly inputs: readonly ExplainedValue[];
    readonly lines: readonly ExplainedLine[];
  } | null;
  readonly clipping: {
    readonly by: 'norm' | 'value';
    readonly limit: number;
    readonly factor: number;
    readonly gradNorm: number;
    /** The gradient of the coordinate before clipping; NaN if it is not known. */
    readonly raw: number;
  } | null;
  /** The bound on abs(update without decoupled decay); infinite if there is none. */
  readonly bound: number;
  /** theta_t − theta_{t−1} as recorded. */
  readonly recorded: number;
  /** The largest difference between the computed and the recorded update that rounding explains. */
  readonly rounding: number;
  /** Whether the formula gives the recorded update, up to `rounding`. An optimizer of the user may differ. */
  readonly agrees: boolean;
  readonly lr: number;
  /** The configured learning rate: without schedule and changes by hand. */
  readonly lrSet: number;
  readonly contributions: readonly Contribution[];
}

export interface ExplainedRun {
  readonly config: RunConfig;
  readonly dim: number;
  readonly coordinate: number;
  /** theta_0 of the coordinate. */
  readonly start: number;
}

/**
 * Explains the last of some steps.
 *
 * @param steps  consecutive steps of the coordinate, ascending. The first one gives only the state before the second one, unless
 *   it is step 1
 * @throws RangeError if the step before is missing
 */
export function explainUpdate(run: ExplainedRun, steps: readonly CoordinateStep[]): Explanation {
  const { config, dim, coordinate, start } = run;
  const computed = steps.flatMap((step, i) =>
    i > 0 || step.step === 1
      ? [computedStep(config, dim, coordinate, step, steps[i - 1] ?? null, start)]
      : [],
  );
  const last = computed.at(-1);
  if (!last) throw new RangeError('the step before the explained one is missing');
  const { of, phase } = last;
  const { definition, options } = phase;
  const cycling = definition.cycled ? cyclingSchedule(config) : null;
  const bound = definition.bound(options, cycling && ((t) => cycling.beta!(t - 1)));
  const lrSet = lrSetOf(config, last);
  const update = last.values.get('update') ?? 0;
  const rounding = roundingOf(last);
  return {
    step: of.step,
    coordinate,
    optimizer: definition.title,
    formula: formulaOf(last),
    clipping: clippingOf(config.clip, of),
    bound: of.lr * bound(Math.max(1, of.age)),
    recorded: of.update,
    rounding,
    agrees: Math.abs(update - of.update) <= rounding || !Number.isFinite(of.update),
    lr: of.lr,
    lrSet,
    contributions: contributionsOf(computed, lrSet),
  };
}

/** The learning rate without schedule: the peak of a one-cycle schedule, else that of the optimizer. */
function lrSetOf({ schedule }: RunConfig, { phase }: ComputedStep): number {
  return Number(schedule?.name === 'oneCycle' ? schedule.maxLr : phase.options.lr);
}

/**
 * The recorded update is a difference of two rounded parameters, and the implementation rounds at theta up to three times: two
 * units in the last place of theta. The terms of the update go through about ten operations.
 */
function roundingOf({ thetaBefore, of, values }: ComputedStep): number {
  const epsilon = 2 ** -52;
  const largest = Math.max(Math.abs(thetaBefore), Math.abs(of.params));
  const update = Math.abs(values.get('update') ?? 0);
  const decay = Math.abs((values.get('theta1') ?? thetaBefore) - thetaBefore);
  return epsilon * (2 * largest + 16 * (update + 2 * decay)) + 2 * Number.MIN_VALUE;
}

function clippingOf(
  clip: ClipConfig | null,
  { clipFactor, gradNorm, grad }: CoordinateStep,
): Explanation['clipping'] {
  if (!clip) return null;
  const byNorm = 'norm' in clip;
  const limit = byNorm ? clip.norm : clip.value;
  // By value, a gradient at the limit may have been any larger one.
  const raw = byNorm ? grad / clipFactor : Math.abs(grad) < limit ? grad : Number.NaN;
  return { by: byNorm ? 'norm' : 'value', limit, factor: clipFactor, gradNorm, raw };
}

function formulaOf({ formula, values }: ComputedStep): Explanation['formula'] {
  if (formula === null) return null;
  const defined = new Set<string>();
  const inputs = new Set<SymbolName>();
  const explained = (symbol: SymbolName): ExplainedValue => ({
    symbol,
    ...symbols[symbol],
    value: values.get(symbol)!,
  });
  const lines = formula.lines.map(([symbol, text]): ExplainedLine => {
    const expression = parseExpression(text);
    const formulaTex = toTex(expression, {
      symbol: (name) => {
        if (!defined.has(name)) inputs.add(name as SymbolName);
        return symbols[name as SymbolName].tex;
      },
      number: String,
      withNumbers: false,
    });
    const numbersTex = toTex(expression, {
      symbol: (name) => numberTex(values.get(name as SymbolName)!),
      number: String,
      withNumbers: true,
    });
    defined.add(symbol);
    return {
      ...explained(symbol),
      text: `${symbol} = ${text}`,
      formulaTex: `${symbols[symbol].tex} = ${formulaTex}`,
      numbersTex,
    };
  });
  return { inputs: [...inputs].map(explained), lines };
}
