export default {
  expected: { exit: 0, args: ['--steps', '5', '--no-verify'], json: { steps: 5 }, grace: [30_000, 'deep nesting takes its time in the parser, for the run and for the checks beside it'] },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `/** @start [1] */\nexport const loss = ([x]: number[]): number => ${'(x! * x! + '.repeat(20_000)}0${')'.repeat(20_000)};\n`,
  }),
};
