export default {
  expected: { exit: 2, says: 'RangeError|nested' },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `/** @start [1] */\nexport const loss = ([x]: number[]): number => ${'('.repeat(50_000)}x${')'.repeat(50_000)};\n`,
  }),
};
