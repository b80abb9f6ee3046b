export default {
  expected: { exit: 2, code: 'syntax', says: 'syntax error' },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': '/** @start [1, 2] */\nexport const loss = ([x, y]: number[]): number => x! * \u0000 y!; // HERE\n' }),
};
