import type { Origin } from '../../../core/diagnosis/finding';
import type { LossRounding } from '../../../core/diagnosis/probes/lossRounding';
import type { SaturatedExpression, Saturation } from '../../../core/ending/heldBack';
import type { CutMove } from '../../../core/gradient/lostTerm';
import { norm2 } from '../../../core/numerics/norms';
import type { OpenContext } from '../../../core/objective';
import type { SourceLocation } from '../../../core/sourceLocation';
import type { LoadedLoss } from '../lossProvider';
import type { BridgeProcess } from './process/bridgeProcess';
import { type Sent, sent } from './process/messages';
import type { PythonProgram } from './pythonProgram';

/** An expression as the process answers it. */
type Expression = SourceLocation & { readonly expression: string };

/** An origin as the process answers it: its place is not a part of its own, and numbers that are not finite are words. */
type OriginAnswer = Expression & { readonly inputs: readonly Sent[] } & (
    | {
        readonly kind: 'non-finite-value' | 'non-finite-derivative';
        readonly result: Sent;
        readonly cause?: Extract<Origin, { kind: 'non-finite-value' | 'non-finite-derivative' }>['cause'];
      }
    | Pick<
        Extract<Origin, { kind: 'non-finite-datum' }>,
        'kind' | 'role' | 'datum' | 'variable' | 'value' | 'others' | 'isCounted' | 'sample'
      >
  );

/** An expression that rounds, and the coordinates on which its operand depends. */
type Cut = Expression & { readonly coordinates: readonly number[] };

/** The longest search for an expression, in seconds on the processor. */
const searchSeconds = 5;
/** Each coordinate takes an evaluation. */
const examinedAtMost = 20;

/** An expression with asymptotes: its place is not a part of its own. */
interface SaturationAnswer extends Pick<Saturation, 'pulledShare'> {
  readonly expressions: readonly (Expression & Omit<SaturatedExpression, 'place'>)[];
}

/** The number of an expression that rounds, and the derivatives of its operand, by the indices of coordinates. */
interface CutSlope {
  readonly site: number;
  readonly slope: Readonly<Record<string, number>>;
}

/** A result changes a little beyond the point where its operand has moved by 1. */
const beyond = 1.001;

/** Syntax of expressions that round. A text without any of it has none. */
const cutting =
  /\b(?:round_?|around|floor|ceil|trunc|rint|fix|int|int32|int64|long|sign|argmax|argmin|digitize|searchsorted|astype|to|type)\b|\/\//;

/** Functions with asymptotes, and layers of torch that compute them. A text without any of them needs no look. */
const bounded = /\b(?:sigmoid_?|expit|logistic|tanh_?|arctan|atan|erf|softmax|exp|Sigmoid|Tanh|Softmax)\b/;

/** Finds the expressions of a loaded program that cause what is wrong with it: see `LoadedLoss`. */
export function causesIn(
  bridge: BridgeProcess,
  program: PythonProgram,
  hasSamples: boolean,
): Pick<
  LoadedLoss,
  | 'originOfNonFinite'
  | 'originOfZeroGradient'
  | 'originOfLostDerivative'
  | 'saturationAt'
  | 'roundingAt'
  | 'cutLoss'
> {
  const { program: number, texts, method } = program.loaded;
  /** Not counted as a call into the user's code: a search has a limit of its own. null if it fails. */
  const search = <T>(type: string, params: Float64Array, open: OpenContext, more: object = {}): T | null => {
    const { step, epoch, indices } = open();
    try {
      return bridge.ask<T | null>({
        type,
        program: number,
        params: sent(params),
        step,
        epoch,
        indices: hasSamples ? indices : null,
        seconds: searchSeconds,
        ...more,
      });
    } catch {
      // The finding is then shown without an origin.
      return null;
    }
  };
  return {
    originOfNonFinite: async (params, open) => {
      const answer = search<OriginAnswer>('origin', params, open);
      return answer && originOf(answer);
    },
    originOfZeroGradient: async (coordinates, params, open) => {
      const examined = coordinates.slice(0, examinedAtMost);
      const cuts = search<readonly Cut[]>('cuts', params, open, { coordinates: examined });
      return cuts && examined.length > 0 ? cutOf(cuts, examined) : null;
    },
    saturationAt: async (params, open, direction = 1) => {
      if (!texts.some(([, text]) => bounded.test(text))) return null;
      const answer = search<SaturationAnswer>('saturation', params, open, { direction });
      return answer && saturationOf(answer);
    },
    roundingAt: async (params, open) => search<LossRounding>('rounding', params, open),
    originOfLostDerivative: async (coordinate, params, open) => {
      const place = search<Expression>('lostDerivative', params, open, { coordinate });
      return place && { kind: 'lost-derivative', location: locationOf(place), expression: place.expression };
    },
    cutLoss: (dim, open) => {
      if (method === null || !texts.some(([, text]) => cutting.test(text))) return null;
      const evaluate = program.valueAndGradient('exact');
      return {
        value: (params) => program.value()(params, open),
        view: async (params) => {
          const grad = new Float64Array(dim);
          const loss = await evaluate(params, grad, open);
          const results = search<readonly (readonly [number, number])[]>('cutResults', params, open) ?? [];
          return { loss, grad, cuts: results.map(([site, result]) => ({ site, result })) };
        },
        moves: async (params) =>
          (search<readonly CutSlope[]>('cutSlopes', params, open) ?? []).flatMap((cut) => movesOf(cut, dim)),
        originOf: (site) => {
          const place = bridge.ask<Expression>({
            type: 'cutPlace',
            program: number,
            site,
            seconds: searchSeconds,
          });
          return { kind: 'cut-derivative', location: locationOf(place), expression: place.expression };
        },
      };
    },
  };
}

/** The shortest moves after which the operand has moved by 1, to first order. */
function movesOf({ site, slope }: CutSlope, dim: number): CutMove[] {
  const direction = Float64Array.from({ length: dim }, (_, i) => slope[i] ?? 0);
  const length = norm2(direction);
  if (!(length > 0) || !Number.isFinite(length)) return [];
  return [beyond, -beyond].map((change) => ({
    site,
    isComparison: false,
    move: direction.map((each) => (each / length) * (change / length)),
  }));
}

/** The expression that rounds for the most coordinates, if each of them is rounded somewhere. */
function cutOf(cuts: readonly Cut[], coordinates: readonly number[]): Origin | null {
  if (!coordinates.every((index) => cuts.some((cut) => cut.coordinates.includes(index)))) return null;
  const most = Math.max(...cuts.map((cut) => cut.coordinates.length));
  const cut = cuts.find((each) => each.coordinates.length === most)!;
  return { kind: 'cut-derivative', location: locationOf(cut), expression: cut.expression };
}

function originOf(answer: OriginAnswer): Origin {
  const { expression } = answer;
  const location = locationOf(answer);
  const inputs = answer.inputs.map(received);
  if (answer.kind === 'non-finite-datum') {
    const { kind, role, datum, variable, value, others, isCounted, sample } = answer;
    return { kind, location, expression, inputs, role, datum, variable, value, others, isCounted, sample };
  }
  const { kind, result, cause } = answer;
  return { kind, location, expression, inputs, result: Number(result), ...(cause && { cause }) };
}

function saturationOf({ pulledShare, expressions }: SaturationAnswer): Saturation {
  return {
    pulledShare,
    expressions: expressions.map((each) => ({
      place: { location: locationOf(each), expression: each.expression },
      count: each.count,
      saturated: each.saturated,
      value: each.value,
      bound: each.bound,
      depth: each.depth,
      pulled: each.pulled,
      coordinates: each.coordinates,
    })),
  };
}

function locationOf({ file, cell, line, column, endLine, endColumn }: Expression): SourceLocation {
  return { file, ...(cell === undefined ? {} : { cell }), line, column, endLine, endColumn };
}

function received(each: Sent): Sent {
  return typeof each === 'string' && /^(?:NaN|-?Infinity)$/.test(each) ? Number(each) : each;
}
