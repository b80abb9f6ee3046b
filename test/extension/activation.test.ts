import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

const commands = [
  'run',
  'debug',
  'configure',
  'pause',
  'resume',
  'step',
  'stop',
  'showDashboard',
  'newDashboard',
  'compareOptimizers',
  'compareDialects',
  'compareDataOrders',
  'lrRangeTest',
  'checkBeforeRun',
  'sweep',
  'checkInvariances',
  'followRecording',
  'openTwins',
  'openSamples',
  'applyEdit',
  'stepBack',
  'stepForward',
  'renameRun',
  'pinRun',
  'unpinRun',
  'deleteRun',
  'exportRun',
  'compareRuns',
  'repeatRun',
].map((name) => `adamscope.${name}`);

describe('activation', () => {
  it('activates the extension', async () => {
    const extension = vscode.extensions.getExtension('adamscope.adamscope');
    assert.ok(extension, 'the extension is not there');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers its commands, and shows them all in the palette', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const contributed =
      vscode.extensions.getExtension('adamscope.adamscope')?.packageJSON.contributes.commands;
    assert.deepEqual(
      contributed.map(({ command }: { command: string }) => command),
      commands,
    );
    assert.deepEqual(
      commands.filter((command) => !registered.has(command)),
      [],
    );
  });
});
