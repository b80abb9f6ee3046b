export default {
  expected: { exit: 2, code: 'import-threw', says: 'ReferenceError' },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `import { half } from './other';\n\nexport const two = 2;\n/** @start [1, 2] */\nexport const loss = ([x, y]: number[]): number => half * x! * y!;\n`,
    'other.ts': `import { two } from './loss';\n\nexport const half = 1 / two; // HERE\n`,
  }),
};
