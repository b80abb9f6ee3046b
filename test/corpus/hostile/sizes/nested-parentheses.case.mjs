export default {
  expected: { exit: 2, code: 'syntax', says: 'nested' },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `/** @start [1] */\nexport const loss = ([x]: number[]): number => ${'('.repeat(200_000)}x${')'.repeat(200_000)}; // HERE\n`,
  }),
};
