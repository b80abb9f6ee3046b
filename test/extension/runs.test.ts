import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codeOf, diagnostics, openText, removeFiles, until } from './workspace';

const slow = `/** @loss @start [3] @steps 100000 */
export function slow([x]: number[]): number {
  const until = performance.now() + 1;
  while (performance.now() < until);
  return x! * x!;
}
/** @loss @start [4] @steps 100000 */
export function alsoSlow([x]: number[]): number {
  const until = performance.now() + 1;
  while (performance.now() < until);
  return x! * x!;
}
`;

const steep = `/**
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.03
 * @steps 60
 */
export function steep([x, y]: number[]): number {
  return 0.5 * (100 * x! ** 2 + y! ** 2);
}
`;

/** The titles of the code lenses that show the state of the last runs. */
async function lenses(document: vscode.TextDocument): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    20,
  );
  return found.map(({ command }) => command?.title ?? '');
}

/** The declarations that the code lenses pass to the command. */
async function losses(document: vscode.TextDocument): Promise<unknown[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    20,
  );
  return found.flatMap(
    ({ command }) => (command?.command === 'adamscope.run' ? command.arguments : []) ?? [],
  );
}

describe('runs', () => {
  afterEach(removeFiles);

  it('that are started at the same time both continue, and both can be stopped', async () => {
    const document = await openText('slow.ts', slow);
    const [one, two] = await until('two losses', async () => {
      const found = await losses(document);
      return found.length === 2 ? found : undefined;
    });
    const ids = await Promise.all([
      vscode.commands.executeCommand<string>('adamscope.run', one),
      vscode.commands.executeCommand<string>('adamscope.run', two),
    ]);
    assert.equal(new Set(ids).size, 2);
    const titles = () => lenses(document).then((all) => all.join('; '));
    await until('both under way', async () =>
      ((await titles()).match(/step [1-9]\d* of 100000/g) ?? []).length === 2 ? true : undefined,
    );
    // Two runs can be stopped, so the user must pick one.
    const stopped = vscode.commands.executeCommand('adamscope.stop');
    await until('the question', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return /stopped by you/.test(await titles()) ? true : undefined;
    });
    await stopped;
    await vscode.commands.executeCommand('adamscope.stop');
    await until('both stopped', async () =>
      ((await titles()).match(/stopped by you at step \d+/g) ?? []).length === 2 ? true : undefined,
    );
  });

  it('are compared in a report, which the dashboard shows', async () => {
    const document = await openText('steep.ts', steep);
    const [loss] = await until('a loss', async () => {
      const found = await losses(document);
      return found.length > 0 ? found : undefined;
    });
    const run = (lr: number) =>
      vscode.commands.executeCommand<string>('adamscope.run', loss, { optimizer: { lr } });
    const ids = [await run(0.001), await run(0.002)];
    const compare = () => vscode.commands.executeCommand<string | undefined>('adamscope.compareRuns', ids);
    // The files of the runs exist soon after they have started.
    const report = await until('a report', async () => compare());
    assert.match(report, /^report-/);
    assert.notEqual(await compare(), report);
  });

  it('do not write a fix that is no longer offered', async () => {
    const document = await openText('steep.ts', steep);
    const [loss] = await until('a loss', async () => {
      const found = await losses(document);
      return found.length > 0 ? found : undefined;
    });
    const runId = await vscode.commands.executeCommand<string>('adamscope.run', loss);
    await diagnostics(document, 'divergence');
    const fixes = async () => {
      const range = vscode.languages
        .getDiagnostics(document.uri)
        .find((diagnostic) => codeOf(diagnostic) === 'divergence')!.range;
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        range,
      );
      return actions.flatMap(({ command }) => (command?.command === 'adamscope.applyFix' ? [command] : []));
    };
    const [fix] = await until(
      'a fix',
      async () => {
        // Until the run has ended, the fixes of the run before it are offered.
        const found = (await fixes()).filter(({ arguments: args }) => args?.[0] === runId);
        return found.length > 0 ? found : undefined;
      },
      30_000,
    );
    const [id, revision, findingId, fixId] = fix!.arguments as [string, number, string, string];
    for (const choice of [
      [id, revision - 1, findingId, fixId],
      [id, revision, findingId, 'optimizer.lr=7'],
      [id, revision, 'divergence-9', fixId],
      ['gone', revision, findingId, fixId],
      // Positions instead of ids, as an older version sent them.
      [id, 0, 0],
    ])
      await vscode.commands.executeCommand('adamscope.applyFix', ...choice);
    assert.equal(document.getText(), steep);
    await vscode.commands.executeCommand('adamscope.applyFix', id, revision, findingId, fixId);
    await until('the fix in the text', () => (document.getText() === steep ? undefined : true));
  }).timeout(60_000);

  it('are repeated as they were, and can be pinned', async () => {
    const document = await openText('steep.ts', steep);
    const [loss] = await until('a loss', async () => {
      const found = await losses(document);
      return found.length > 0 ? found : undefined;
    });
    const first = await vscode.commands.executeCommand<string>('adamscope.run', loss);
    await diagnostics(document, 'divergence');
    const picked = async (command: string) => {
      const done = vscode.commands.executeCommand<string>(command);
      let isDone = false;
      void done.then(() => {
        isDone = true;
      });
      await until(command, async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return isDone ? true : undefined;
      });
      return done;
    };
    const again = await picked('adamscope.repeatRun');
    assert.notEqual(again, first);
    await picked('adamscope.pinRun');
    await picked('adamscope.unpinRun');
  }).timeout(60_000);
});
