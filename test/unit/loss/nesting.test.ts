import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { link } from '../../../src/loss/providers/javascript/load/link';
import { noMorePasses } from '../../../src/loss/providers/javascript/load/morePasses';
import { load, Workspace } from './workspace';

const deep = 50_000;
const descend = (depth: number): number => descend(depth + 1) + 1;

describe('a module that is nested too deeply for the stack', () => {
  it('gives one problem with a place, and no internal error', async () => {
    const workspace = new Workspace({
      'main.ts': 'import { k } from "./deep";\nexport const result = k;\n',
      'deep.ts': `export const k = ${'['.repeat(deep)}1${']'.repeat(deep)};\n`,
    });
    const { problems } = await workspace.link('main.ts');
    const file = workspace.path('deep.ts');
    expect(problems).toMatchObject([{ code: 'too-deep', severity: 'error', location: { file, line: 1 } }]);
  });

  it('is loaded without an exact gradient, which is reported at the longest statement', async () => {
    const workspace = new Workspace({
      'main.ts': 'const x: number = 2;\nexport const result = [x, x + 1, x + 2];\n',
    });
    const tooDeep = { ...noMorePasses, passes: () => [() => void descend(0)] };
    const published = path.join(workspace.root, '.published');
    const linked = await link(workspace.path('main.ts'), workspace, published, tooDeep);
    expect(linked.problems).toMatchObject([
      { code: 'no-exact-gradient', severity: 'warning', location: { line: 2, column: 1, endLine: 2 } },
    ]);
    expect((await load(linked)).result).toEqual([2, 3, 4]);
  });
});
