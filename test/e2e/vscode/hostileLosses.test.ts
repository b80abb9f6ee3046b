// Losses that would end or block the extension host if they ran in its process. It survives each of them.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { pictureOfFailure } from './pictureOfFailure';

const lossOf = (name: string, body: string, imports = '') => `${imports}
/** @loss
 * @start [3, 4]
 * @gradientMode finite-difference
 * @steps 20 */
export function ${name}([x, y]) {
${body}
}
`;
const files = {
  'large.mjs': lossOf('large', 'const all = []; for (;;) all.push(0.5);'),
  'blocked.mjs': lossOf(
    'blocked',
    "execSync('sleep 60'); return x;",
    "import { execSync } from 'node:child_process';",
  ),
  'stray.mjs': lossOf('stray', "Promise.reject(new Error('lost')); return x * x + y * y;"),
  'killed.mjs': lossOf(
    'killed',
    "execSync('kill -9 $PPID'); return x;",
    "import { execSync } from 'node:child_process';",
  ),
  'bowl.mjs': lossOf('bowl', 'return x * x + y * y;'),
};

describe('the extension host', () => {
  let vs: ServedVsCode;

  beforeAll(async () => {
    vs = await openServedVsCode({
      files,
      settings: { 'adamscope.evaluationTimeoutMs': 8000, 'adamscope.memoryLimitMb': 300 },
    });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  const run = async (name: string) => {
    await vs.workbench.openFile(`${name}.mjs`, { line: 6 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
  };

  it.each<[string, RegExp]>([
    ['large', /large used more than 300 MB/],
    ['blocked', /blocked did not return within 8 s/],
    ['stray', /stray failed: Error: lost/],
    ['killed', /the process of killed was ended by the system/],
  ])('survives the loss %s and reports the reason, and the next run is correct', async (name, words) => {
    await run(name);
    await vs.workbench.statusBar(words);
    await run('bowl');
    await vs.workbench.statusBar(/bowl: [a-z ]+, loss \d\S* after 20 steps/);
    expect(await vs.page.getByText('Extension host terminated unexpectedly').count()).toBe(0);
  });
});
