export default {
  expected: { exit: 2, code: 'loss-threw', says: 'Error: a', located: false },
  file: '\u001b[31m\nloss.ts',
  files: () => ({ '\u001b[31m\nloss.ts': '/** @start [1] */\nexport const loss = ([x]: number[]): number => { throw new Error(`a`); };\n' }),
};
