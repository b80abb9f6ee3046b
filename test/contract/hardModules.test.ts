import { describe, expect, it } from 'vitest';
import { startRun } from '../support/startRun';

/** Modules that node runs as they are, and that are hard to read, to rewrite or to import. */
const modules: readonly { readonly name: string; readonly text: string; readonly gradientMode: string }[] = [
  {
    name: 'whose loss is called then',
    text: '/** @loss @start [1, 2] */\nexport function then([x, y]: number[]) { return x * x + y * y; }\n',
    gradientMode: 'exact',
  },
];

describe('a module', () => {
  it.each(modules)('$name is run', async ({ text, gradientMode }) => {
    const modes: string[] = [];
    const { outcome, problems } = await startRun(
      text,
      { patch: { steps: 20 } },
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
