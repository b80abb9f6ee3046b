export default {
  expected: { exit: 2, code: 'unresolved-import', says: 'pipe' },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': `import { f } from './pipe'; // HERE\n\n/** @start [1, 2] */\nexport const loss = ([x, y]: number[]): number => f(x! * y!);\n`, 'pipe.ts': null }),
};
