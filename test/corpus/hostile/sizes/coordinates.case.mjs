export default {
  expected: { exit: 2, code: 'bad-start', says: 'lossStart has 10000000 coordinates; at most 4000000 can be run' },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `export const lossStart = new Array<number>(1e7).fill(0.5);
/** @gradient slope */
export function loss(p: Float64Array): number { // HERE
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i]! * p[i]!;
  return sum;
}
export const slope = (p: number[]): Float64Array => Float64Array.from(p, (a) => 2 * a);
`,
  }),
};
