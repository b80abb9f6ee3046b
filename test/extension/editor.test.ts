import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codeOf, diagnostics, openText, removeFiles, until } from './workspace';

const bad = `import { ready } from 'node:process';

/**
 * @loss
 * @start [1, 1]
 * @optimizer sgd lr=0.03
 * @steps 60
 */
export function steep([x, y]: number[]): number {
  return 0.5 * (100 * x ** 2 + y ** 2);
}

export const other = 1;
`.replace("import { ready } from 'node:process';\n\n", '');

async function runAt(document: vscode.TextDocument, text: string): Promise<void> {
  const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  const at = document.positionAt(document.getText().indexOf(text));
  editor.selection = new vscode.Selection(at, at);
  await vscode.commands.executeCommand('adamscope.run');
}

async function quickFixes(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    range,
  );
  return actions.filter(({ title }) => title.startsWith('Adamscope: '));
}

describe('the editor', () => {
  afterEach(removeFiles);

  it('offers Run Adam and Configure… over each loss, and over nothing else', async () => {
    const document = await openText(
      'lenses.ts',
      `${bad}export function handleError(e: Error): void {}\nexport function totalCost(items: { price: number }[]): number { return 1; }\n`,
    );
    const lenses = await until('two lenses', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        10,
      );
      const ours = found.filter((lens) => lens.command?.command.startsWith('adamscope.'));
      return ours.length > 0 ? ours : undefined;
    });
    assert.deepEqual(
      lenses.map((lens) => [lens.range.start.line, lens.command?.title]),
      [
        [6, '$(play) Run Adam (as annotated: sgd)'],
        [6, '$(gear) Configure…'],
      ],
    );
  });

  it('offers to check an optimizer of one’s own over it', async () => {
    const document = await openText(
      'step.ts',
      '/** @optimizerStep adamw lr=0.01 */\nexport function step(params: number[], grad: number[]): void {}\n',
    );
    const [lens] = await until('a lens', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        10,
      );
      const ours = found.filter(({ command }) => command?.command === 'adamscope.checkInvariances');
      return ours.length > 0 ? ours : undefined;
    });
    assert.equal(lens?.command?.title, '$(beaker) Check against adamw');
    assert.equal(lens?.range.start.line, 1);
  });

  it('shows value and gradient at the start over a loss’s name', async () => {
    const document = await openText('hover.ts', bad);
    const at = document.positionAt(document.getText().indexOf('steep') + 2);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at,
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n');
    // 0.5 (100 · 1² + 1²), and (100, 1).
    assert.match(text, /\*\*steep\*\* at its start: 50\.5/);
    assert.match(text, /\| x \| 1 \| 100 \|\n\| y \| 1 \| 1 \|/);
    assert.match(text, /Gradient: exact/);
  });

  it('puts a finding on the loss, with the link to its page and the steps', async () => {
    const document = await openText('steep.ts', bad);
    await runAt(document, 'return');
    const [finding] = await diagnostics(document, 'divergence');
    assert.ok(finding);
    assert.equal(document.getText(finding.range), 'steep');
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
    const { code } = finding;
    assert.ok(typeof code === 'object');
    assert.match(code.target.path, /docs\/diagnoses\/divergence\.md$/);
    await vscode.workspace.fs.stat(code.target);
    assert.match(finding.relatedInformation?.[0]?.message ?? '', /sgd lr 0\.03, from step 2 to \d+ of 60/);
  });

  it('moves a finding with edits elsewhere, and drops it when the loss changes', async () => {
    const document = await openText('moves.ts', bad);
    await runAt(document, 'return');
    await diagnostics(document, 'divergence');
    const above = new vscode.WorkspaceEdit();
    above.insert(document.uri, new vscode.Position(0, 0), 'const before = 1;\nconst more = before;\n');
    await vscode.workspace.applyEdit(above);
    await until('the finding two lines further down', () => {
      const [found] = vscode.languages.getDiagnostics(document.uri).filter((d) => codeOf(d) === 'divergence');
      return found?.range.start.line === 8 && document.getText(found.range) === 'steep' ? true : undefined;
    });
    const inside = new vscode.WorkspaceEdit();
    const at = document.positionAt(document.getText().indexOf('0.5'));
    inside.replace(document.uri, new vscode.Range(at, at.translate(0, 3)), '0.4');
    await vscode.workspace.applyEdit(inside);
    await until('no finding any more', () =>
      vscode.languages.getDiagnostics(document.uri).some((d) => codeOf(d) === 'divergence')
        ? undefined
        : true,
    );
  });

  it('writes a fix as the least edit, which one undo takes back, and the run with it converges', async () => {
    const document = await openText('fix.ts', bad);
    await runAt(document, 'return');
    const [finding] = await diagnostics(document, 'divergence');
    // Not before they have been tried.
    const ours = await until('quick fixes', async () => {
      const found = await quickFixes(document, finding!.range);
      return found.length > 0 ? found : undefined;
    });
    assert.match(
      ours[0]!.title,
      /^Adamscope: Write lr 0\.01 to the annotation: reaches 0\.\d+ in 60 steps; now: diverges at 2$/,
    );
    assert.match(ours[1]!.title, /^Adamscope: Run again with lr 0\.01: reaches 0\.\d+ in 60 steps; now: /);
    assert.equal(ours[0]?.isPreferred, true);
    const { command } = ours[0]!;
    await vscode.commands.executeCommand(command!.command, ...(command!.arguments ?? []));
    assert.equal(document.getText(), bad.replace('lr=0.03', 'lr=0.01'));
    await until('no finding any more', () =>
      vscode.languages.getDiagnostics(document.uri).some((d) => codeOf(d) === 'divergence')
        ? undefined
        : true,
    );
    await runAt(document, 'return');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual(
      vscode.languages.getDiagnostics(document.uri).filter((d) => codeOf(d) === 'divergence'),
      [],
    );
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), bad);
  });

  it('offers fixes untried where they are not to be tried', async () => {
    const settings = vscode.workspace.getConfiguration('adamscope');
    await settings.update('verifyFixes', false, vscode.ConfigurationTarget.Global);
    try {
      const document = await openText('untried.ts', bad);
      await runAt(document, 'return');
      const [finding] = await diagnostics(document, 'divergence');
      const titles = await until('quick fixes', async () => {
        const found = await quickFixes(document, finding!.range);
        return found.length > 0 ? found.map(({ title }) => title) : undefined;
      });
      assert.deepEqual(titles.slice(0, 2), [
        'Adamscope: Write lr 0.01 to the annotation (not tried)',
        'Adamscope: Run again with lr 0.01 (not tried)',
      ]);
    } finally {
      await settings.update('verifyFixes', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('completes and explains an annotation', async () => {
    const document = await openText('help.ts', bad.replace('lr=0.03', ''));
    const text = document.getText();
    const after = document.positionAt(text.indexOf('@optimizer sgd ') + '@optimizer sgd '.length);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      after,
    );
    const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const option of ['lr', 'momentum', 'dampening', 'nesterov', 'weightDecay'])
      assert.ok(
        labels.some((label) => label.startsWith(option)),
        `${option} among ${labels.join(', ')}`,
      );
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(text.indexOf('@optimizer') + 3),
    );
    const words = hovers
      .flatMap(({ contents }) => contents.map((c) => (typeof c === 'string' ? c : c.value)))
      .join('\n');
    assert.match(words, /optimizer/i);
  });

  it('marks a wrong name in an annotation where it stands', async () => {
    const document = await openText('wrong.ts', bad.replace('sgd', 'sgdd'));
    const [problem] = await diagnostics(document, 'unknown-name');
    assert.equal(document.getText(problem!.range), 'sgdd');
    assert.match(problem!.message, /did you mean sgd\?/);
  });

  it('opens the page of a diagnosis rendered', async () => {
    const extension = vscode.extensions.getExtension('adamscope.adamscope')!;
    const page = vscode.Uri.joinPath(extension.extensionUri, 'docs', 'diagnoses', 'divergence.md');
    await vscode.commands.executeCommand('vscode.open', page);
    await until('the rendered page', () => {
      const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
      return input instanceof vscode.TabInputCustom && input.viewType === 'vscode.markdown.preview.editor'
        ? true
        : undefined;
    });
  });
});
