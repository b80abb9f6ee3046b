export default {
  expected: { exit: 0, args: ['--steps', '20'], json: { steps: 20, stopped: 'steps' } },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': `// \u0000\n/** @start [1, 2] */\nexport function loss([x, y]: number[]): number {\n  return x! * x! + y! * y!;\n}\n` }),
};
