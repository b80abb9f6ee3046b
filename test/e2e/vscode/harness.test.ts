import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';

/** A file without losses: a failure here is a failure of the harness, not of the product. */
const PLAIN = 'export function one(): number {\n  return 1;\n}\n';

let code: ServedVsCode;
beforeAll(async () => {
  code = await openServedVsCode({ workspace: null, extension: null, files: { 'folder/one.ts': PLAIN } });
}, 120_000);
afterAll(() => code?.dispose());

test('opens a file at a position and types into it', async () => {
  await code.workbench.openFile('folder/one.ts', { line: 2, column: 3 });
  await code.workbench.statusBar(/Ln 2, Col 3/);
  await code.workbench.replaceText('export const two: string = 2;\n');
  await expect.poll(() => code.workbench.text()).toContain('two: string = 2');
});

test('reads the problems of the file that is open', async () => {
  const [problem] = await code.workbench.problems();
  expect(problem).toMatchObject({
    file: 'one.ts',
    severity: 'error',
    source: 'ts',
    code: '2322',
    line: 1,
    column: 14,
  });
  expect(problem?.message).toContain("'number' is not assignable to type 'string'");
});

test('changes the colour theme', async () => {
  await code.workbench.setTheme('high-contrast');
  await code.workbench.setTheme('dark');
});

test('writes a screenshot', async () => {
  expect(existsSync(await code.workbench.screenshot('harness'))).toBe(true);
});

test('refuses a client without the token', async () => {
  const { status } = await fetch(new URL(code.url).origin);
  expect(status).toBe(403);
});

test('leaves no process and no file', async () => {
  const { workspace } = code;
  const { origin } = new URL(code.url);
  await code.dispose();
  expect(existsSync(workspace)).toBe(false);
  await expect(fetch(origin)).rejects.toThrow();
});
