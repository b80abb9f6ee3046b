export default {
  expected: { exit: 0, args: ['--steps', '2', '--diagnosis', 'off', '--no-verify'], json: { steps: 2 }, timeout: 20000, memory: 8000, grace: [20000, 'the work itself: ten million numbers a step'] },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `export const lossStart = new Array<number>(1e7).fill(0.5);
/** @gradient slope */
export function loss(p: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i]! * p[i]!;
  return sum;
}
export const slope = (p: number[]): Float64Array => Float64Array.from(p, (a) => 2 * a);
`,
  }),
};
