export default {
  expected: { exit: 0, args: ['--steps', '20', '--no-verify'], json: { steps: 20, stopped: 'steps' }, grace: [30_000, '1,000 files are read, rewritten and written'] },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `import { f0 } from './m0';\n\n/** @start [1, 2] */\nexport const loss = ([x, y]: number[]): number => f0(x! * x! + y! * y!);\n`,
    ...Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [
        `m${i}.ts`,
        i === 999
          ? `export const f999 = (a: number): number => a;\n`
          : `import { f${i + 1} } from './m${i + 1}';\nexport const f${i} = (a: number): number => f${i + 1}(a);\n`,
      ]),
    ),
  }),
};
