import { optionPath, parsedValue, patchAt } from '../../core/config/optionPath';
import type { RunConfigPatch } from '../../core/config/runConfig';

/** An option and the values that a sweep gives it. */
export interface SweepAxis {
  /** "optimizer.lr" */
  readonly path: string;
  readonly values: readonly unknown[];
}

/** What an axis is called in messages: the flag of the command line, or the name in the dialog. */
type Flag = string;

/** A sweep that cannot be made. The message is a sentence for the user, without a full stop. */
export class SweepProblem extends Error {}

const range = /^(?<from>[^:]+?)\.\.(?<to>[^:]+):(?<scale>[a-z]+):(?<count>\d+)$/;
const valuesAtMost = 1000;

/**
 * Reads PATH=V1,V2,… or PATH=A..B:log:N or PATH=A..B:linear:N. The path is one of `--set`: `beta2` means `optimizer.beta2`.
 *
 * @throws SweepProblem if the text is not one of these
 */
export function axisOf(flag: Flag, text: string): SweepAxis {
  const at = text.indexOf('=');
  const given = text.slice(at + 1).trim();
  if (at <= 0 || given === '') throw new SweepProblem(`${formsOf(flag)}, got ${JSON.stringify(text)}`);
  const values = given.includes('..') ? valuesOfRange(flag, given) : valuesOfList(flag, given);
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) throw new SweepProblem(`${flag} contains ${JSON.stringify(twice)} twice`);
  return { path: optionPath(text.slice(0, at).trim()).join('.'), values };
}

/** The patch that gives the option of an axis a value. */
export function axisPatch({ path }: SweepAxis, value: unknown): RunConfigPatch {
  return patchAt(path.split('.'), value);
}

function valuesOfList(flag: Flag, given: string): unknown[] {
  const texts = given.split(',').map((text) => text.trim());
  if (texts.includes('')) throw new SweepProblem(`${flag} contains an empty value: ${JSON.stringify(given)}`);
  return texts.map(parsedValue);
}

function valuesOfRange(flag: Flag, given: string): number[] {
  const { from: first, to: last, scale, count: number } = range.exec(given)?.groups ?? {};
  const [from, to, count] = [Number(first), Number(last), Number(number)];
  if (!(Number.isFinite(from) && Number.isFinite(to)) || (scale !== 'log' && scale !== 'linear'))
    throw new SweepProblem(`${formsOf(flag)}, got ${JSON.stringify(given)}`);
  if (count < 2 || count > valuesAtMost)
    throw new SweepProblem(`${flag} must have from 2 to ${valuesAtMost} values, got ${count}`);
  if (scale === 'log' && !(from > 0 && to > 0))
    throw new SweepProblem(`${flag} with log must have ends above 0, got ${first}..${last}`);
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return from;
    if (i === count - 1) return to;
    const share = i / (count - 1);
    const value = scale === 'log' ? from * (to / from) ** share : from + share * (to - from);
    // Short enough to be typed again, as --lr 0.00231013.
    return Number(value.toPrecision(6));
  });
}

function formsOf(flag: Flag): string {
  return `${flag} must be PATH=V1,V2,… or PATH=A..B:log:N or PATH=A..B:linear:N, for example optimizer.lr=1e-4..1:log:9`;
}
