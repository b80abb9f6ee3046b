import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { diagnostics, openText, removeFiles, testsBecome } from './workspace';

const slow = `/** @loss @start [3] @optimizer sgd lr=0.1 @steps 100 @expect loss<1e-8 within 10 */
export const slow = ([x]: number[]) => x * x;
`;

describe('the tests', () => {
  afterEach(removeFiles);

  it('are the losses with @expect, as the editor shows them', async () => {
    const document = await openText(
      'expected.ts',
      slow + slow.replace(/@expect.*?\*/, '*').replace(' slow', ' other'),
    );
    await testsBecome(document, ['slow']);
    const change = new vscode.WorkspaceEdit();
    const end = document.positionAt(document.getText().length);
    change.insert(document.uri, end, slow.replace(' slow', ' unsaved'));
    await vscode.workspace.applyEdit(change);
    await testsBecome(document, ['slow', 'unsaved']);
    await vscode.commands.executeCommand('undo');
    await testsBecome(document, ['slow']);
  });

  it('are run by the Test Explorer, and their findings are shown', async () => {
    const document = await openText('run.ts', slow);
    await testsBecome(document, ['slow']);
    await vscode.commands.executeCommand('testing.runCurrentFile');
    const [missed] = (await diagnostics(document, 'expectation')).filter(
      ({ code }) => code === 'expectation',
    );
    assert.equal(document.getText(missed!.range), 'loss<1e-8 within 10');
  }).timeout(60_000);

  it('disappear with their file', async () => {
    const document = await openText('deleted.ts', slow);
    await testsBecome(document, ['slow']);
    await removeFiles();
    await testsBecome(document, []);
  });
});
