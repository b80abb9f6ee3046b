import { describe, expect, it } from 'vitest';
import { startRun } from '../support/startRun';

/**
 * Generous limits. These tests check only that a module can be run, and their time depends on the load of the
 * machine.
 */
const generousLimits = { evaluationTimeoutMs: 60_000, memoryLimitMb: 4096 };
const bowl = '/** @loss @start [1, 2] */\nexport function loss([x, y]: number[]) { return x * x + y * y; }\n';
const sumOf = (count: number) => Array(count).fill('1').join(' + ');
const loss = (value: string) =>
  `/** @loss @start [1, 2] */\nexport function loss([x, y]: number[]) {\n  return ${value};\n}\n`;
const numbered = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

/** Modules that Node can run unchanged, but that are difficult to parse, rewrite or import. */
const modules: readonly { readonly name: string; readonly text: string; readonly gradientMode: string }[] = [
  {
    name: 'with a loss named then',
    text: '/** @loss @start [1, 2] */\nexport function then([x, y]: number[]) { return x * x + y * y; }\n',
    gradientMode: 'exact',
  },
  {
    name: 'with a sum of 20,000 numbers',
    text: loss(`x * x + y * y + 0 * (${sumOf(20_000)})`),
    gradientMode: 'exact',
  },
  {
    name: 'with a sum of 20,000 terms that depend on the parameters',
    text: loss(`x * x + y * y + 1e-9 * (${Array(20_000).fill('x').join(' + ')})`),
    gradientMode: 'exact',
  },
  {
    name: 'with 3,000 parentheses around its value',
    text: loss(`${'('.repeat(3000)}x * x + y * y${')'.repeat(3000)}`),
    gradientMode: 'exact',
  },
  {
    name: 'with 40,000 exports',
    text: `${bowl}${numbered(40_000, (i) => `export const k${i} = ${i};`)}\n`,
    gradientMode: 'exact',
  },
  {
    name: 'with 40,000 names in one export list',
    text: `${bowl}${numbered(40_000, (i) => `const k${i} = ${i};`)}\nexport { ${numbered(40_000, (i) => `k${i},`)} };\n`,
    gradientMode: 'exact',
  },
];

describe('a module', () => {
  it.each(modules)('$name can be run', async ({ text, gradientMode }) => {
    const modes: string[] = [];
    const { outcome, problems } = await startRun(
      text,
      { patch: { steps: 20 }, limits: generousLimits },
      {
        onOpened: (opened) => modes.push(opened.gradientMode),
        onGradientMode: (mode) => modes.push(mode),
      },
    ).ended;
    expect(problems).toEqual([]);
    expect(outcome).toMatchObject({ steps: 20, stopped: 'steps' });
    expect(outcome!.final.loss).toBeLessThan(5);
    expect(modes.at(-1)).toBe(gradientMode);
  });
});
