export default {
  expected: { exit: 0, args: ['--steps', '20'], json: { steps: 20 }, loss: 'f7Loss' },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': Array.from(
      { length: 40_000 },
      (_, i) => `/** @start [1, ${i}] */\nexport const f${i}Loss = ([x, y]: number[]): number => x! * x! + y! * y!;\n`,
    ).join(''),
  }),
};
