import type { Origin } from '../../../core/diagnosis/finding';
import type { OpenContext } from '../../../core/objective';
import type { SourceLocation } from '../../../core/sourceLocation';
import type { LoadedLoss } from '../lossProvider';
import type { BridgeProcess } from './process/bridgeProcess';
import { type Sent, sent } from './process/messages';

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

/** Finds the expressions of a loaded program that cause what is wrong with it: see `LoadedLoss`. */
export function causesIn(
  bridge: BridgeProcess,
  program: number,
  hasSamples: boolean,
): Pick<LoadedLoss, 'originOfNonFinite' | 'originOfZeroGradient'> {
  /** Not counted as a call into the user's code: a search has a limit of its own. null if it fails. */
  const search = <T>(type: string, params: Float64Array, open: OpenContext, more: object = {}): T | null => {
    const { step, epoch, indices } = open();
    try {
      return bridge.ask<T | null>({
        type,
        program,
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
  };
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

function locationOf({ file, line, column, endLine, endColumn }: Expression): SourceLocation {
  return { file, line, column, endLine, endColumn };
}

function received(each: Sent): Sent {
  return typeof each === 'string' && /^(?:NaN|-?Infinity)$/.test(each) ? Number(each) : each;
}
