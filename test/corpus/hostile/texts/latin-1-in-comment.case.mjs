export default {
  expected: { exit: 0, args: ['--steps', '20'], json: { steps: 20, stopped: 'steps' } },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': Buffer.from('/** @start [1, 2]\n * Gr\u00f6\u00dfe */\nexport function loss([x, y]: number[]): number {\n  return x! * x! + y! * y!;\n}\n', 'latin1') }),
};
