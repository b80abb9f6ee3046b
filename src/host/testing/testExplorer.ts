import * as vscode from 'vscode';
import type { RunStore } from '../../runs/runStore';
import type { Verifications } from '../../runs/verifications';
import type { LossIndex } from '../lossIndex';
import { OnFirstUse } from '../onFirstUse';
import { onDidSaveSource } from '../sources/openSources';
import type { DebugExpectation } from './expectationRuns';
import { ExpectationTree } from './expectationTree';
import { usesFile } from './usedFiles';

export interface TestExplorerParts {
  readonly index: LossIndex;
  readonly runs: RunStore;
  readonly verifications: Verifications;
  /** Debugs a loss. Without it, the tests cannot be debugged. */
  readonly debugExpectation?: DebugExpectation;
}

/** Shows every loss with `@expect` as a test in the Test Explorer. What runs tests is loaded when one is first run. */
export function registerTestExplorer(parts: TestExplorerParts): vscode.Disposable {
  const { index, runs, verifications, debugExpectation } = parts;
  const controller = vscode.tests.createTestController('adamscope', 'Adamscope');
  const tree = new ExpectationTree(controller, index);
  controller.resolveHandler = (item) => (item ? undefined : tree.complete());
  controller.refreshHandler = (token) => tree.search(token);
  const uses = (test: vscode.TestItem, file: string) => {
    const loss = tree.declarationOf(test);
    return loss !== undefined && usesFile(loss, runs.newestOf(loss.file, loss.name), file);
  };
  const runner = new OnFirstUse(async () => {
    const { ExpectationRuns } = await import('./expectationRuns');
    return new ExpectationRuns({ controller, tree, index, runs, verifications, uses });
  });
  const { Run, Debug } = vscode.TestRunProfileKind;
  const run = async (request: vscode.TestRunRequest, token: vscode.CancellationToken) =>
    (await runner.get()).run(request, token);
  controller.createRunProfile('Run', Run, run, true, undefined, true);
  if (debugExpectation)
    controller.createRunProfile(
      'Debug',
      Debug,
      async (request, token) => (await runner.get()).debug(request, token, debugExpectation),
      true,
    );
  const saves = onDidSaveSource((file) => {
    const stale = tree.tests.filter((test) => uses(test, file));
    if (stale.length > 0) controller.invalidateTestResults(stale);
  });
  return vscode.Disposable.from(saves, tree, controller);
}
