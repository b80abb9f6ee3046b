import type { Fusion } from '../fusion';
import type { LocalArray, Program, Temp } from '../ir';
import type { Residuals } from '../residuals';
import { Names } from './expressions';
import { ForwardSweep } from './forwardSweep';
import { Lines } from './lines';
import { Recorder } from './recorder';
import { ReverseSweep } from './reverseSweep';
import { Tangents } from './tangents';

/** Value and gradient by a forward and a reverse sweep. */
export function reverseFunction(
  name: string,
  program: Program,
  residuals: Residuals,
  fusion: Fusion,
  prefix: string,
  isGuarded: boolean,
): string {
  const names = new Names(prefix);
  const lines = new Lines();
  const reverse = new ReverseSweep(program, residuals, fusion, names, lines, isGuarded);
  const recorder = new Recorder(residuals, fusion, reverse, names, lines);
  const kept = [...residuals.modes].flatMap(([temp, mode]) => (mode === 'again' ? [] : [temp]));
  lines.block(`function ${name}(${prefix}params, ${prefix}grad, ${prefix}context) {`, () => {
    const hasStack = residuals.stacked.size > 0 || residuals.lengths.size > 0;
    if (hasStack) lines.add(`let ${prefix}stack = ${prefix}memory, ${prefix}top = 0;`);
    if ([...residuals.stacked.values()].some((temps) => temps.some(({ kind }) => kind === 'any')))
      lines.add(`const ${prefix}values = [];`);
    hoist(program, recorder, names, kept, lines);
    lines.add(`${prefix}grad.fill(0);`);
    reverse.declareHoisted(program.body);
    new ForwardSweep(program, names, lines, recorder, kept).block(program.body);
    reverse.program(program);
    lines.add(`return ${names.value(program.result)};`);
  });
  return lines.toString();
}

/** Values of a branch that the reverse sweep uses are variables of the whole function. */
function hoist(
  { arrays }: Program,
  recorder: Recorder,
  names: Names,
  kept: readonly Temp[],
  lines: Lines,
): void {
  const initial: Record<string, string> = { int: '0', num: '0', bool: 'false', any: 'undefined' };
  const variables = kept
    .filter((temp) => recorder.isHoisted(temp))
    .map((temp) => `${names.value(temp)} = ${initial[temp.kind]}`);
  const made = arrays
    .filter((array: LocalArray) => recorder.isHoisted(array))
    .map((array) => names.array(array));
  if (variables.length + made.length > 0) lines.add(`let ${[...variables, ...made].join(', ')};`);
}

/** Value and gradient by forward mode, for few parameters. */
export function forwardFunction(
  name: string,
  program: Program,
  dim: number,
  prefix: string,
  isGuarded: boolean,
): string {
  const names = new Names(prefix);
  const lines = new Lines();
  const tangents = new Tangents(names, lines, dim, isGuarded);
  lines.block(`function ${name}(${prefix}params, ${prefix}grad, ${prefix}context) {`, () => {
    new ForwardSweep(program, names, lines, tangents, []).block(program.body);
    for (let k = 0; k < dim; k++) lines.add(`${prefix}grad[${k}] = ${tangents.of(program.result, k)};`);
    lines.add(`return ${names.value(program.result)};`);
  });
  return lines.toString();
}
