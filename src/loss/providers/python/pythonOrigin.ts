import type { Origin } from '../../../core/diagnosis/finding';
import type { SourceLocation } from '../../../core/sourceLocation';

/** A number as JSON can hold it. */
type Sent = number | string;

/** An origin as the process answers it: its place is not a part of its own, and numbers that are not finite are words. */
export type OriginAnswer = SourceLocation & {
  readonly expression: string;
  readonly inputs: readonly Sent[];
} & (
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

export function originOf(answer: OriginAnswer): Origin {
  const { file, line, column, endLine, endColumn, expression } = answer;
  const location = { file, line, column, endLine, endColumn };
  const inputs = answer.inputs.map(received);
  if (answer.kind === 'non-finite-datum') {
    const { kind, role, datum, variable, value, others, isCounted, sample } = answer;
    return { kind, location, expression, inputs, role, datum, variable, value, others, isCounted, sample };
  }
  const { kind, result, cause } = answer;
  return { kind, location, expression, inputs, result: Number(result), ...(cause && { cause }) };
}

function received(sent: Sent): Sent {
  return typeof sent === 'string' && /^(?:NaN|-?Infinity)$/.test(sent) ? Number(sent) : sent;
}
