// The worst of the hostile losses, one after the other in one window. The extension host survives each of
// them.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hostileCases } from '../../support/hostile/cases';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { pictureOfFailure } from './pictureOfFailure';

/** Cases of the corpus, and the final text of the status bar. */
const worst: readonly (readonly [name: string, ending: RegExp])[] = [
  ['memory/numbers', /used more than 200 MB/],
  ['blocking/exec-sync', /did not return within 3 s/],
  ['attacks/kill-group', /process/],
  ['attacks/close-files', /process/],
  ['attacks/control-words', /did not return within|process/],
  ['throws/message-of-50-MB', /Error: lolo/],
  ['globals/array-methods', /is gone/],
  ['children/ignores-signals', /after 20 steps/],
];
const cases = await hostileCases();
const mark = randomUUID();
const good = `/** @loss @start [1, 2]\n * @steps 20 */\nexport function good([x, y]: number[]): number {\n  return x * x + y * y;\n}\n`;

/** The file of the case at an index, whose loss gets a unique name and 20 steps. */
function fileOf(index: number): string {
  const theCase = cases.find(({ name }) => name === worst[index]![0]);
  if (!theCase) throw new Error(`there is no case ${worst[index]![0]}`);
  return String(theCase.files()[theCase.file])
    .replace(/\bloss\b/g, `hostile${index}`)
    .replace('/** @start [1, 2]', '/** @loss @start [1, 2]\n * @steps 20');
}

/** The process ids of the extension hosts of this window. */
function hosts(): string[] {
  const found = readdirSync('/proc').filter((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      return environment.includes(`ADAMSCOPE_E2E=${mark}`) && command.includes('--type=extensionHost');
    } catch {
      return false;
    }
  });
  // A child that a host has just forked has its command line until it executes its own program.
  return found.filter((pid) => !found.includes(parentOf(pid)));
}

/** The parent's process id; '' if the process has ended. */
function parentOf(pid: string): string {
  try {
    return /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '';
  } catch {
    return '';
  }
}

describe.skipIf(process.platform !== 'linux')('the extension host', () => {
  let vs: ServedVsCode;

  beforeAll(async () => {
    vs = await openServedVsCode({
      files: {
        'good.ts': good,
        ...Object.fromEntries(worst.map((_, index) => [`hostile${index}.ts`, fileOf(index)])),
      },
      settings: { 'adamscope.evaluationTimeoutMs': 3000, 'adamscope.memoryLimitMb': 200 },
      env: { ADAMSCOPE_E2E: mark },
    });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  async function run(name: string, ending: RegExp): Promise<void> {
    const text = readFileSync(`${vs.workspace}/${name}.ts`, 'utf8').split('\n');
    const line = text.findIndex((each) => each.includes(`function ${name}(`)) + 1;
    await vs.workbench.openFile(`${name}.ts`, { line });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await vs.workbench.statusBar(new RegExp(`${name}.*(?:${ending.source})`));
  }

  it.each(worst.map(([name, ending], index) => ({ name, ending, index })))(
    'survives $name, and the next run is correct',
    async ({ ending, index }) => {
      await run('good', /after 20 steps/);
      const before = hosts();
      expect(before).toHaveLength(1);
      await run(`hostile${index}`, ending);
      await run('good', /after 20 steps/);
      expect(hosts()).toEqual(before);
    },
  );
});
