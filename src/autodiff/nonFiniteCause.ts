import type { NonFiniteCause, ResultName } from '../core/diagnosis/finding';
import type { MaybePromise, OpenContext } from '../core/objective';
import { checking, type NonFiniteOperation } from './checking';
import { evaluate } from './evaluation';
import type { OperationName } from './rules';
import type { TracedLoss } from './tracedObjective';

const results: { readonly [N in OperationName]?: ResultName } = {
  add: 'sum',
  sub: 'sum',
  mul: 'product',
  div: 'quotient',
  pow: 'power',
  exp: 'exponential',
  expm1: 'exponential',
  sinh: 'exponential',
  cosh: 'exponential',
};
const logarithms: readonly (OperationName | null)[] = ['log', 'log2', 'log10'];

/**
 * How an operation made a non-finite value. A 0 is an underflow if it is none once each result that underflows is ±5e-324
 * instead: the loss is evaluated again with these.
 *
 * @param operation  of the forward pass at `params`
 * @returns undefined if it is not known
 */
export function causeOf(
  operation: NonFiniteOperation,
  loss: TracedLoss,
  params: Float64Array,
  open: OpenContext,
): MaybePromise<NonFiniteCause | undefined> {
  const kind = zeroOf(operation);
  if (kind === null) return overflowOf(operation);
  return evaluate(
    () => {
      checking.start(true);
      return loss.call([...params], open());
    },
    () => {
      const isZeroStill = checking.nonFinite.some(
        (other) => other.site === operation.site && zeroOf(other) !== null,
      );
      return { kind, underflow: isZeroStill ? null : nameOf(checking.lifted) };
    },
  );
}

/** Which operation has the operand 0 outside its domain; null for other operations. */
function zeroOf({ name, inputs: [a, b] }: NonFiniteOperation): 'logarithm-of-0' | 'division-by-0' | null {
  if (logarithms.includes(name) && a === 0) return 'logarithm-of-0';
  return (name === 'div' && b === 0) || (name === 'pow' && a === 0) ? 'division-by-0' : null;
}

function overflowOf({ name, inputs, result }: NonFiniteOperation): NonFiniteCause | undefined {
  const of = name === null ? undefined : results[name];
  const isOverflow = Math.abs(result) === Number.POSITIVE_INFINITY && inputs.every(Number.isFinite);
  return of && isOverflow ? { kind: 'overflow', of } : undefined;
}

/** null if nothing underflowed: then the 0 depends on something else, as on the kind of its operands. */
function nameOf(lifted: ReadonlySet<OperationName>): ResultName | null {
  const names = new Set([...lifted].map((name) => results[name] ?? 'result'));
  return names.size > 1 ? 'result' : ([...names][0] ?? null);
}
