import { describe, expect, test } from 'vitest';
import { bothWays, outcomeOf } from './support/instrumented';
import { layoutSnippets } from './support/layoutSnippets';
import { snippets } from './support/snippets';

type Main = (log: (...values: unknown[]) => unknown, h: number) => unknown;

describe('rewritten code behaves like the original', () => {
  test.each([...snippets, ...layoutSnippets])('%s', async (_, body) => {
    const file = `declare const noSuchName: any, later: any;\nexport async function main(log: any, h: any): Promise<any> {\n${body}\n}\n`;
    const { plain, rewritten } = await bothWays({ 'a.ts': file });
    const expected = await outcomeOf((log) => (plain.main as unknown as Main)(log, 3));
    expect(await outcomeOf((log) => (rewritten.main as unknown as Main)(log, 3))).toBe(expected);
  });
});
