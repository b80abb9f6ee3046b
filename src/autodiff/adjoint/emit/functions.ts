import type { Fusion } from '../fusion';
import type { Program } from '../ir';
import type { Residual, Residuals } from '../residuals';
import type { Adoption } from './adoption';
import type { Names } from './expressions';
import { ForwardSweep } from './forwardSweep';
import { Lines } from './lines';
import { Recorder } from './recorder';
import { ReverseSweep } from './reverseSweep';
import { Shadows } from './shadows';
import { Tangents } from './tangents';

/** Value and gradient by a forward and a reverse sweep. */
export function reverseFunction(
  name: string,
  program: Program,
  residuals: Residuals,
  fusion: Fusion,
  names: Names,
  adoption: Adoption,
  isGuarded: boolean,
): string {
  const { prefix } = names;
  const lines = new Lines();
  const shadows = new Shadows(names, lines, adoption, [''], () => '-0');
  const reverse = new ReverseSweep(program, residuals, fusion, names, lines, shadows, isGuarded);
  const recorder = new Recorder(residuals, fusion, reverse, names, lines, shadows);
  const kept = [...residuals.values, ...residuals.shadows].flatMap(([temp, mode]) =>
    mode === 'again' ? [] : [temp],
  );
  lines.block(`function ${name}(${prefix}params, ${prefix}grad, ${prefix}context) {`, () => {
    const stacked = [...residuals.stacked.values()].flat();
    const isNumber = ({ temp, isShadow }: Residual) => !isShadow && temp.kind !== 'any';
    if (stacked.some(isNumber)) lines.add(`let ${prefix}stack = ${prefix}memory, ${prefix}top = 0;`);
    if (!stacked.every(isNumber)) lines.add(`const ${prefix}values = [];`);
    hoist(residuals, recorder, names, lines);
    lines.add(`${prefix}grad.fill(0);`);
    reverse.declareHoisted(program.body);
    new ForwardSweep(program, names, lines, recorder, adoption, kept).block(program.body);
    reverse.program(program);
    lines.add(`return ${names.value(program.result)};`);
  });
  return lines.toString();
}

/** Values of a branch that the reverse sweep uses are variables of the whole function. */
function hoist({ values, shadows }: Residuals, recorder: Recorder, names: Names, lines: Lines): void {
  const initial: Record<string, string> = { int: '0', num: '0', bool: 'false', any: 'undefined' };
  const variables = [...values.keys()]
    .filter((temp) => recorder.isHoisted(temp))
    .map((temp) => `${names.value(temp)} = ${initial[temp.kind]}`);
  const objects = [...shadows.keys()]
    .filter((temp) => recorder.isShadowHoisted(temp))
    .map((temp) => names.shadow(temp, ''));
  if (variables.length + objects.length > 0) lines.add(`let ${[...variables, ...objects].join(', ')};`);
}

/** Value and gradient by forward mode, for few parameters. */
export function forwardFunction(
  name: string,
  program: Program,
  dim: number,
  names: Names,
  adoption: Adoption,
  isGuarded: boolean,
): string {
  const { prefix } = names;
  const lines = new Lines();
  const tangents = new Tangents(names, lines, adoption, dim, isGuarded);
  lines.block(`function ${name}(${prefix}params, ${prefix}grad, ${prefix}context) {`, () => {
    new ForwardSweep(program, names, lines, tangents, adoption, []).block(program.body);
    for (let k = 0; k < dim; k++) lines.add(`${prefix}grad[${k}] = ${tangents.of(program.result, k)};`);
    lines.add(`return ${names.value(program.result)};`);
  });
  return lines.toString();
}
