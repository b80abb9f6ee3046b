export default {
  expected: { exit: 0, args: ['--steps', '20'], json: { steps: 20, stopped: 'steps' } },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `import data from './data.json';\n\n/** @start [1, 2] */\nexport const loss = ([x, y]: number[]): number => x! * x! + y! * y! + 0 * data.length;\n`,
    'data.json': `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  }),
};
