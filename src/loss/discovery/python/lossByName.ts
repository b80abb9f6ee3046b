import type { DeclaredForm } from '../../declaration';
import { isCommonName, namesLoss } from '../lossName';
import { isVector, returnsNumber } from './pythonType';
import type { Signature } from './signature';

/**
 * Whether a function without an annotation is offered as a loss: its name ends with a word for a loss, its first
 * parameter is declared as a vector or its start is known, its result, if declared, is a number, and it needs no
 * argument that a loss does not get.
 *
 * @param name      without the names of the object or class that contains the function
 * @param hasStart  whether the module has a variable `<name>_start`
 */
export function isLossByName(
  name: string,
  { parameters, returns }: Signature,
  { vector, unfilled }: DeclaredForm,
  hasStart: boolean,
): boolean {
  if (!mayNameLoss(name) || unfilled !== null || vector.kind === 'none') return false;
  const [first] = parameters;
  if (!first || (returns !== null && returns.kind !== 'unknown' && !returnsNumber(returns))) return false;
  const isTyped = first.typeText !== null && isVector(first.type) && first.kind !== 'rest';
  if (isCommonName(name)) return isTyped && returns !== null && returnsNumber(returns);
  return isTyped || hasStart;
}

/** Names with a leading underscore are private, and functions named `test_…` are tests. */
export function mayNameLoss(name: string): boolean {
  return namesLoss(name) && !name.startsWith('_') && !name.startsWith('test_');
}
