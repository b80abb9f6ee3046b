export default {
  expected: { exit: 0, args: ['--steps', '20', '--no-verify'], json: { steps: 20, stopped: 'steps' } },
  file: 'loss.ts',
  files: () => ({
    'loss.ts': `export const text = '${'a'.repeat(5e6)}'; /** @start [1, 2] */ export function loss([x, y]: number[]): number { return x! * x! + y! * y!; }\n`,
  }),
};
