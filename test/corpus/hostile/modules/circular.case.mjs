export default {
  expected: { exit: 0, args: ['--steps', '20'], json: { steps: 20, stopped: 'steps' } },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `import { half } from './other';\n\nexport const two = 2;\n/** @start [1, 2] */\nexport const loss = ([x, y]: number[]): number => half(x! * x! + y! * y!);\n`,
    'other.ts': `import { two } from './loss';\n\nexport const half = (a: number): number => a / two;\n`,
  }),
};
