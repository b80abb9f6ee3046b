import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openText, removeFiles, until } from './workspace';

const steep = `/** @loss @start [1, 1]
 * @optimizer sgd lr=0.03
 * @steps 60 */
export function steep([x, y]: number[]): number {
  return 0.5 * (100 * x! ** 2 + y! ** 2);
}
`;

/** The texts of the result of a tool: a sentence, and JSON. */
async function called(name: string, input: object, token?: vscode.CancellationToken) {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await vscode.lm.invokeTool(`adamscope_${name}`, options, token);
  const texts = content.filter((part) => part instanceof vscode.LanguageModelTextPart);
  return { text: texts[0]!.value, json: JSON.parse(texts[1]!.value) as Record<string, unknown>, content };
}

describe('tools for language models', () => {
  afterEach(removeFiles);

  it('are registered, with the schemas of the manifest', async () => {
    const extension = vscode.extensions.getExtension('adamscope.adamscope')!;
    const contributed: { name: string; inputSchema: object }[] =
      extension.packageJSON.contributes.languageModelTools;
    assert.equal(contributed.length, 8);
    for (const { name, inputSchema } of contributed) {
      const tool = await until(name, () => vscode.lm.tools.find((each) => each.name === name));
      assert.deepEqual(tool.inputSchema, inputSchema);
    }
  });

  it('list the losses as the editor shows them, and read the runs of the window', async () => {
    const document = await openText('tools.ts', steep);
    const { text, json } = await called('list_losses', { path: 'tools.ts' });
    assert.equal(text, 'Found 1 loss.');
    const [loss] = json.losses as { loss: string; line: number }[];
    assert.deepEqual([loss?.loss, loss?.line], ['tools.ts#steep', 4]);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '\n\n');
    await vscode.workspace.applyEdit(edit);
    const moved = await called('list_losses', { path: 'tools.ts' });
    assert.equal((moved.json.losses as { line: number }[])[0]?.line, 6);

    const [declaration] = await until('the code lens', async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        10,
      );
      return lenses.find(({ command }) => command?.command === 'adamscope.run')?.command?.arguments;
    });
    const run = await vscode.commands.executeCommand<string>('adamscope.run', declaration);
    const opened = await until('the end of the run', () =>
      called('open_run', { run }).catch(() => undefined),
    );
    assert.match(opened.text, /Diverged/);
    assert.equal((opened.json.measured as { steps: number }).steps, 60);
    const { json: read } = await called('read_quantity', {
      run,
      quantity: 'params',
      coordinates: ['x'],
      to: 2,
    });
    assert.deepEqual((read.lines as { values: number[] }[])[0]?.values, [-2, 4]);
    const { content } = await called('chart', { run, quantity: 'loss' });
    const hasPictures = 'LanguageModelDataPart' in vscode;
    assert.equal(content.length, hasPictures ? 3 : 2);
  });

  it('say what is wrong', async () => {
    await assert.rejects(
      called('list_losses', { path: '../outside.ts' }),
      /outside of the folders of the workspace/,
    );
    await assert.rejects(called('open_run', { run: 'nothing' }), /there is no run "nothing" in this session/);
  });

  // In a test, VS Code confirms at once what it would ask its user.
  it('run a loss with the unsaved text and the overrides, and verify its fixes', async () => {
    const document = await openText('unsaved.ts', 'export const nothing = 1;\n');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), steep);
    await vscode.workspace.applyEdit(edit);
    const configuration = { optimizer: { lr: 0.025 } };
    const { text, json } = await called('run_loss', { loss: 'unsaved.ts#steep', configuration });
    assert.match(text, /sgd lr 0\.025\. Diverged/);
    const { json: verified } = await called('verify_fix', { run: json.run });
    const [first] = verified.results as { helps: { after: { loss: number } }[] }[];
    assert.ok(first!.helps.length > 0);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
