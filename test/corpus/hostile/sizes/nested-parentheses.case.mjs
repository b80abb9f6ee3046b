export default {
  expected: { exit: 2, says: 'RangeError|nested', grace: [8000, 'the tolerant parser recovers from each of 50,000 levels'] },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `/** @start [1] */\nexport const loss = ([x]: number[]): number => ${'('.repeat(50_000)}x${')'.repeat(50_000)};\n`,
  }),
};
