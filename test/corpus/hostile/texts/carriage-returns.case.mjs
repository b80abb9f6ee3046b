export default {
  expected: { exit: 2, code: 'loss-threw', says: 'Error: line 4' },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': '/** @start [1, 2] */\r\nexport function loss([x, y]: number[]): number {\r\n  const a = x! * y!;\r\n  throw new Error(`line 4 ${a}`); // HERE\r\n}\r\n' }),
};
