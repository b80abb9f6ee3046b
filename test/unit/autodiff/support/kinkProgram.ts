import { seededRandom } from '../../../../src/core/numerics/random';

const helpers = `
const relu = (z) => Math.max(0, z);
const leaky = (z) => Math.max(2 * z, z);
function rectified(list) {
  let sum = 0;
  for (let i = 0; i < list.length; i++) sum += Math.max(list[i], 0);
  return sum;
}
function total(list) {
  let sum = 0;
  for (const v of list) sum += Math.abs(v) - Math.min(v, 1);
  return sum;
}
const highest = (list) => list.reduce((m, v) => Math.max(m, v), -9);
`;

/**
 * A piecewise linear loss of nested kinks, in the text of a function. All coefficients are integers, so that ties are frequent where
 * the parameters are integers, and no other kink is near.
 */
export function kinkProgram(seed: number, dim: number): string {
  const random = seededRandom(seed, 0);
  const pick = (count: number) => Math.floor(random() * count);
  const leaf = () => (random() < 0.85 ? `p[${pick(dim)}]` : String(pick(3) - 1));
  const expression = (depth: number): string => {
    if (depth === 0) return leaf();
    const e = () => expression(depth - 1 - (random() < 0.3 ? Math.min(1, depth - 1) : 0));
    const forms = [
      () => `Math.max(${e()}, ${e()})`,
      () => `Math.min(${e()}, ${e()})`,
      () => `Math.max(${e()}, ${e()}, ${e()})`,
      () => `Math.min(...[${e()}, ${e()}, ${e()}])`,
      () => `Math.abs(${e()})`,
      () => `Math.hypot(0, ${e()})`,
      () => `relu(${e()})`,
      () => `-relu(${e()})`,
      () => `leaky(${e()})`,
      () => `(${e()} + ${e()})`,
      () => `(${e()} - ${e()})`,
      () => `(${e()} - Math.abs(${e()}) + Math.max(${e()}, 0))`,
      () => `rectified([${e()}, ${e()}, ${e()}])`,
      () => `total([${e()}, ${e()}])`,
      () => `highest([${e()}, ${e()}, ${e()}])`,
    ];
    return forms[pick(forms.length)]!();
  };
  return `${helpers}\nexport function loss(p) {\n  const a = ${expression(3)};\n  const b = ${expression(3)};\n  return Math.max(a, b) - ${expression(2)} + Math.min(a, ${expression(1)}) ;\n}`;
}
