export default {
  expected: { exit: 0, args: ['--steps', '20', '--no-verify'], json: { steps: 20 }, grace: [30_000, '40,000 declarations are read with exact positions'] },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': [
      '/** @start [1, 2] */\nexport const loss = ([x, y]: number[]): number => x! * x! + y! * y!;\n',
      ...Array.from({ length: 40_000 }, (_, i) => `export const k${i} = ${i};\n`),
    ].join(''),
  }),
};
