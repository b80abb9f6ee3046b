export default {
  expected: { exit: 2, code: 'syntax', says: 'syntax error' },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': Buffer.from('/** @start [1, 2] */\nexport function loss([x, y]: number[]): number {\n  const gr\u00f6\u00dfe = x! * x!;\n  return gr\u00f6\u00dfe + y! * y!;\n}\n', 'latin1') }),
};
