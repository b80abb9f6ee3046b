export default {
  expected: { exit: 2, says: 'loss\\.ts is larger than 16 MB', located: false },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `// ${'a'.repeat(17 * 2 ** 20)}\n/** @start [1, 2] */\nexport const loss = ([x, y]: number[]): number => x! * y!;\n`,
  }),
};
