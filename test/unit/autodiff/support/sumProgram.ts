import { seededRandom } from './seededRandom';

const leaves = ['p[0]', 'p[1]', 'p[2]', '0.5', 'd', 'k', 'q.b[1]', 'f(p[1])', 'Math.sin(p[0])', '(p[2])'];

/**
 * A loss with two sums, which loops, callbacks and reductions form. Some programs read a sum in the middle, leave a loop
 * early, throw, or add to a sum while a term of it is computed.
 */
export function sumProgram(seed: number): string {
  const random = seededRandom(seed);
  const chance = (share: number) => random() < share;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  let labels = 0;

  const expression = (depth = 2): string => {
    if (depth === 0 || chance(0.25)) return chance(0.05) ? pick(['s', 't']) : pick(leaves);
    const inner = `${expression(depth - 1)} ${pick(['+', '-', '*'])} ${expression(depth - 1)}`;
    return chance(0.4) ? `(${inner})` : chance(0.3) ? `Math.tanh(${inner})` : inner;
  };
  const sum = (): string => {
    const name = pick(['s', 't']);
    const kind = random();
    if (kind < 0.75) return `${name} ${pick(['+=', '-='])} ${expression()};`;
    if (kind < 0.85)
      return `if (k === 1) ${name} += ${expression()}; else ${pick(['s', 't'])} -= ${expression()};`;
    if (kind < 0.9) return `${name} = ${name} * 0.5 + ${expression()};`;
    return `${name} += xs.reduce((a, d, k) => a + ${expression()} - ${pick(leaves)}, ${pick(leaves)});`;
  };
  const body = (depth: number): string =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
      depth > 0 && chance(0.3) ? loop(depth - 1) : sum(),
    ).join('\n');
  const loop = (depth: number): string => {
    const inner = body(depth);
    const exit = chance(0.2) ? `if (k > 0) ${pick(['continue', 'break'])};\n` : '';
    const label = `outer${labels++}`;
    return pick([
      () => `for (let k = 0; k < 3; k++) {\n${exit}${inner}\n}`,
      () => `for (const d of xs) {\n${inner}\n}`,
      () => `for (let k = 0, d = 2; k < 2; k++) ${sum()}`,
      () => `k = 0; while (k++ < 2) {\n${exit}${inner}\n}`,
      () => `k = 0; do {\n${inner}\n} while (++k < 2);`,
      () => `xs.forEach((d, k) => {\n${inner}\n});`,
      () =>
        `${label}: for (let k = 0; k < 2; k++) for (let j = 0; j < 3; j++) {\n${inner}\nif (j > k) ${pick(['break', 'continue'])} ${label};\n}`,
      () =>
        `try { for (let k = 0; k < 3; k++) {\n${inner}\nif (k === 1) s += nothing.x * p[0];\n} } catch { t += p[2]; }`,
    ])();
  };
  const closure = pick([
    '',
    '',
    '',
    'const look = () => s;',
    'const add = (v) => { t += v; return v; }; s += add(p[0]);',
  ]);
  const statements = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
    chance(0.8) ? loop(2) : sum(),
  );
  return `export function loss(p) {
  const q = { b: [1, p[0]] }, xs = [1, 0.5, p[2]], f = (v) => v * v, nothing = undefined;
  let d = 0.3, k = 0, s = ${pick(['0', 'p[0]', '1.5'])}, t = ${pick(['0', 'p[1]'])};
  ${closure}
  ${statements.join('\n')}
  return Math.tanh(s) * 0.3 + Math.sin(t) + d;
}
`;
}
