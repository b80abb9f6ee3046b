export default {
  expected: { exit: 0, args: ['--steps', '5', '--no-verify'], json: { steps: 5 }, grace: [30_000, '20,000 operations are read, rewritten and compiled, for the run and for the checks beside it'] },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `/** @start [1] */\nexport const loss = ([x]: number[]): number => ${Array(20_000).fill('x! * x!').join(' + ')};\n`,
  }),
};
