export default {
  expected: { exit: 0, args: ['--steps', '20'], json: { steps: 20, stopped: 'steps' } },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': '/** @start [1, 2] */\rexport function loss([x, y]: number[]): number {\r  return x! * x! + y! * y!;\r}\r' }),
};
