import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

const COMMANDS = [
  'adamscope.run',
  'adamscope.configure',
  'adamscope.pause',
  'adamscope.stop',
  'adamscope.showDashboard',
  'adamscope.compareOptimizers',
  'adamscope.compareDialects',
  'adamscope.lrRangeTest',
  'adamscope.checkInvariances',
];

describe('activation', () => {
  it('activates the extension', async () => {
    const extension = vscode.extensions.getExtension('adamscope.adamscope');
    assert.ok(extension, 'the extension is not there');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command of the contract', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      COMMANDS.filter((command) => !registered.has(command)),
      [],
    );
  });
});
