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

/** The two sides of the difference in the active editor; undefined if it shows none. */
function shownDifference(): vscode.TabInputTextDiff | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputTextDiff ? input : undefined;
}

async function insert(document: vscode.TextDocument, at: number, text: string): Promise<void> {
  const { line, character } = document.positionAt(at);
  await edit(document, line, character, text);
}

async function textOnDisk({ uri }: vscode.TextDocument): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/** The extension's diagnostics with this code, in the order of the text. */
function ours(document: vscode.TextDocument, code: string): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter((diagnostic) => diagnostic.source === 'adamscope' && codeOf(diagnostic) === code)
    .sort((a, b) => a.range.start.compareTo(b.range.start));
}

async function edit(
  document: vscode.TextDocument,
  line: number,
  column: number,
  text: string,
): Promise<void> {
  const change = new vscode.WorkspaceEdit();
  change.insert(document.uri, new vscode.Position(line, column), text);
  await vscode.workspace.applyEdit(change);
}

/** Replaces the first occurrence of `old`. */
async function replace(document: vscode.TextDocument, old: string, text: string): Promise<void> {
  const from = document.getText().indexOf(old);
  assert.ok(from >= 0, `${old} is not in the text`);
  const change = new vscode.WorkspaceEdit();
  change.replace(
    document.uri,
    new vscode.Range(document.positionAt(from), document.positionAt(from + old.length)),
    text,
  );
  await vscode.workspace.applyEdit(change);
}

/** Waits until the titles of the extension's code lenses meet the condition. */
function lensesOf(document: vscode.TextDocument, wanted: (titles: string[]) => boolean): Promise<true> {
  let titles: string[] = [];
  return until('the lenses', async () => {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      20,
    );
    titles = found.map(({ command }) => command?.title ?? '');
    return wanted(titles) ? true : undefined;
  }).catch(() => assert.fail(`the lenses are ${titles.join('; ')}`));
}

describe('the editor', () => {
  afterEach(removeFiles);

  it('offers Run Adam, Debug and Configure… above each loss, and above nothing else', async () => {
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
        [6, '$(debug-alt) Debug'],
        [6, '$(gear) Configure…'],
      ],
    );
  });

  it('offers and runs losses of objects and classes, and names the coordinates of an object', async () => {
    const document = await openText(
      'members.ts',
      `export const losses = {
  /** @loss @start {"used": 1, "unused": 2} @steps 60 */
  object: ({ used, unused }: { used: number; unused: number }) => used ** 2 + Math.max(0, unused - 9),
};
export class Model {
  /** @loss @start [1, 1] */
  static fit(x: number, y: number): number { return x * x + y * y; }
}
`,
    );
    const lenses = await until('the lenses', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        20,
      );
      const ours = found.filter(({ command }) => command?.command === 'adamscope.run');
      return ours.length === 2 ? ours : undefined;
    });
    assert.deepEqual(
      lenses.map(({ range }) => document.getText(range)),
      ['object', 'fit'],
    );
    await runAt(document, 'used ** 2');
    const [found] = await diagnostics(document, 'zero-gradient');
    assert.equal(document.getText(found!.range), 'unused');
    assert.equal(found!.relatedInformation?.[1]?.message, 'coordinates: unused');
  });

  it('offers a check above a user’s own optimizer', async () => {
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

  it('evaluates a loss when the hover over its name requests it, but not for the hover alone', async () => {
    const document = await openText('hover.ts', bad);
    const at = document.positionAt(document.getText().indexOf('steep') + 2);
    const hover = async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        at,
      );
      return (
        hovers
          .flatMap(({ contents }) => contents)
          .map((content) => (typeof content === 'string' ? content : content.value))
          .join('\n')
          // As the text is displayed: the Markdown escapes names and numbers.
          .replace(/\\([!-/:-@[-`{-~])/g, '$1')
      );
    };
    const before = await hover();
    assert.doesNotMatch(before, /at its start: /);
    const [, args] = /\[Evaluate steep at its start\]\(command:adamscope\.evaluateLoss\?([^)]*)\)/.exec(
      before,
    )!;
    await vscode.commands.executeCommand(
      'adamscope.evaluateLoss',
      ...(JSON.parse(decodeURIComponent(args!)) as string[]),
    );
    const text = await hover();
    // 0.5 (100 · 1² + 1²), and (100, 1).
    assert.match(text, /\*\*steep\*\* at its start: 50\.5/);
    assert.match(text, /\| x \| 1 \| 100 \|\n\| y \| 1 \| 1 \|/);
    assert.match(text, /Gradient: exact/);
    await runAt(document, 'return');
    await diagnostics(document, 'divergence');
    assert.match(await hover(), /\*\*steep\*\*, last run, sgd lr 0\.03: /);
  });

  it('evaluates a loss for the hover alone if the setting enables it', async () => {
    const settings = vscode.workspace.getConfiguration('adamscope');
    await settings.update('evaluateOnHover', true, vscode.ConfigurationTarget.Workspace);
    try {
      const document = await openText('hovered.ts', bad);
      const at = document.positionAt(document.getText().indexOf('steep') + 2);
      let shown = '';
      const text = await until('the value', async () => {
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
          'vscode.executeHoverProvider',
          document.uri,
          at,
        );
        shown = hovers
          .flatMap(({ contents }) => contents)
          .map((content) => (typeof content === 'string' ? content : content.value))
          .join('\n');
        return /at its start: 50\.5/.test(shown) ? shown : undefined;
      }).catch(() => assert.fail(`the hover shows ${shown}`));
      assert.doesNotMatch(text, /evaluateLoss/);
    } finally {
      await settings.update('evaluateOnHover', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('marks the option of a finding, with the evidence and a link to the diagnosis page', async () => {
    const document = await openText('steep.ts', bad);
    await runAt(document, 'return');
    const [finding] = await diagnostics(document, 'divergence');
    assert.ok(finding);
    assert.equal(document.getText(finding.range), 'lr=0.03');
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
    const { code } = finding;
    assert.ok(typeof code === 'object');
    assert.match(code.target.path, /docs\/diagnoses\/divergence\.md$/);
    await vscode.workspace.fs.stat(code.target);
    // The problems panel shows the first line, which is one sentence.
    assert.match(finding.message.split('\n')[0]!, /^The loss diverges[^\n]*\.$/);
    const ended = await until('the end of the run', () => {
      const [found] = ours(document, 'divergence');
      return /to 60 of 60/.test(found?.relatedInformation?.[0]?.message ?? '') ? found : undefined;
    });
    const [steps, evidence] = ended.relatedInformation!;
    assert.equal(steps!.message, 'sgd lr 0.03, from step 2 to 60 of 60');
    assert.equal(document.getText(steps!.location.range), 'steep');
    assert.match(
      evidence!.message,
      /^loss at the start 50\.5, loss .*, learning rate 0\.03, largest curvature along the path 99\.99$/,
    );
  });

  it('marks the coordinate of a finding', async () => {
    const document = await openText(
      'unused.ts',
      `/** @loss @start [1, 2, 3] @steps 60 */
export const f = (p: number[]) => p[0]! ** 2 + 3 * p[1]! ** 2 + Math.max(0, p[2]! - 9);
/** @loss @start [1, 2] @steps 60 */
export const g = ([x, width = 1]: number[]) => x! ** 2;
`,
    );
    await runAt(document, 'p[0]');
    // Its place is known when the run has ended.
    const read = await until('the finding at the coordinate', () =>
      ours(document, 'zero-gradient').find(({ range }) => document.getText(range) === 'p[2]'),
    );
    assert.equal(read.relatedInformation?.[1]?.message, 'coordinates: p[2]');
    await runAt(document, 'x! ** 2;');
    const named = await until('the finding on the other loss', () => ours(document, 'zero-gradient')[1]);
    assert.equal(document.getText(named.range), 'width');
    assert.equal(named.relatedInformation?.[1]?.message, 'coordinates: width');
  });

  it('marks the tag that names a wrong gradient', async () => {
    const document = await openText(
      'slope.ts',
      `/** @loss @start [1, 2] @gradient slope */
export const f = ([x, y]: number[]) => x! ** 2 + 3 * y! ** 2;
export const slope = ([x, y]: number[]) => [2 * x!, 5 * y!];
`,
    );
    await runAt(document, 'x! ** 2 +');
    const [found] = await diagnostics(document, 'gradient-mismatch');
    assert.equal(document.getText(found!.range), 'slope');
    assert.equal(found!.range.start.line, 0);
  });

  it('marks the name of a wrong user-defined optimizer, until it changes', async () => {
    const document = await openText(
      'uncorrected.ts',
      `/** @optimizerStep adam lr=0.01 */
export function step(params: number[], grad: number[], state: { m?: number[]; v?: number[] }): number[] {
  state.m = grad.map((g, i) => 0.9 * (state.m?.[i] ?? 0) + 0.1 * g);
  state.v = grad.map((g, i) => 0.999 * (state.v?.[i] ?? 0) + 0.001 * g * g);
  return params.map((p, i) => p - (0.01 * state.m![i]!) / (Math.sqrt(state.v![i]!) + 1e-8));
}
`,
    );
    const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    const at = document.positionAt(document.getText().indexOf('step('));
    editor.selection = new vscode.Selection(at, at);
    await vscode.commands.executeCommand('adamscope.checkInvariances');
    const [found] = await diagnostics(document, 'step-bound');
    assert.equal(document.getText(found!.range), 'step');
    const [check] = await diagnostics(document, 'optimizer-check');
    assert.match(check!.message, /the bias of m and v/);
    assert.equal(document.getText(check!.range), 'step');
    await edit(document, 0, 0, '\n');
    await until(
      'the finding a line on',
      () => ours(document, 'step-bound')[0]?.range.start.line === 2 || undefined,
    );
    await replace(document, '0.9 *', '0.8 *');
    await until('no finding', () => ours(document, 'step-bound').length === 0 || undefined);
  });

  it('moves a finding with edits elsewhere, removes it when the loss changes, and restores it when the change is undone', async () => {
    const document = await openText('moves.ts', bad);
    await runAt(document, 'return');
    await diagnostics(document, 'divergence');
    await edit(document, 0, 0, 'const before = 1;\nconst more = before;\n');
    await until('the finding two lines further down', () => {
      const [found] = ours(document, 'divergence');
      return found?.range.start.line === 5 && document.getText(found.range) === 'lr=0.03' ? true : undefined;
    });
    await replace(document, '0.5', '0.4');
    await until('no finding any more', () => (ours(document, 'divergence').length === 0 ? true : undefined));
    await replace(document, '0.4', '0.5');
    await diagnostics(document, 'divergence');
    await replace(document, '@steps 60', '@steps 61');
    await until('no finding any more', () => (ours(document, 'divergence').length === 0 ? true : undefined));
  });

  it('moves a finding when text is inserted in the line of its annotation', async () => {
    const line = '/** @loss @start [1, 1] @optimizer sgd lr=0.03 @steps 60 */ ';
    const document = await openText('oneLine.ts', bad.replace(/\/\*\*[\s\S]*\*\/\n/, line));
    await runAt(document, 'return');
    const [before] = await diagnostics(document, 'divergence');
    assert.equal(document.getText(before!.range), 'lr=0.03');
    await replace(document, '@loss', '@loss a steep bowl');
    await until('the finding further right', () => {
      const [found] = ours(document, 'divergence');
      return found?.range.start.character === before!.range.start.character + 13 &&
        document.getText(found.range) === 'lr=0.03'
        ? true
        : undefined;
    });
  });

  it('marks the expression that made a NaN, in any file, and moves it with the surrounding text', async () => {
    const lib = await openText(
      'lib.ts',
      'export function deep(x: number): number {\n  return Math.log(x - 0.5);\n}\n',
    );
    const document = await openText(
      'nan.ts',
      `import { deep } from './lib';
/** @loss @start [1] @optimizer sgd lr=3 */
export const outside = ([x]: number[]) => 5 * x! - deep(x!);
/** @loss @start [1] @optimizer sgd lr=3 */ export const inside = ([x]: number[]) => 5 * x! - Math.log(x! - 0.5);
`,
    );
    await runAt(document, '5 * x! - Math');
    // The finding is at the name of the loss until the run has ended and the origin has been found.
    const on = (where: vscode.TextDocument, text: string) =>
      until(`the finding on ${text}`, () =>
        ours(where, 'non-finite-loss').find(({ range }) => where.getText(range) === text),
      );
    await on(document, 'Math.log(x! - 0.5)');
    await edit(document, 3, 0, 'const one = 1; ');
    await until('the expression further right', () => {
      const [found] = ours(document, 'non-finite-loss');
      return found && document.getText(found.range) === 'Math.log(x! - 0.5)' ? true : undefined;
    });

    await runAt(document, '5 * x! - deep');
    const other = await on(lib, 'Math.log(x - 0.5)');
    assert.equal(document.getText(other.relatedInformation![0]!.location.range), 'outside');
    await edit(lib, 0, 0, '// A library.\n');
    await until('the expression a line further down', () => {
      const [found] = ours(lib, 'non-finite-loss');
      return found?.range.start.line === 2 && lib.getText(found.range) === 'Math.log(x - 0.5)'
        ? true
        : undefined;
    });
    await replace(lib, 'x - 0.5', 'x + 0.5');
    await until('no finding any more', () => (ours(lib, 'non-finite-loss').length === 0 ? true : undefined));
    await replace(lib, 'x + 0.5', 'x - 0.5');
    await diagnostics(lib, 'non-finite-loss');
    // A change of the loss also removes it from the other file.
    await replace(document, '5 * x! - deep', '6 * x! - deep');
    await until('no finding any more', () => (ours(lib, 'non-finite-loss').length === 0 ? true : undefined));
  });

  it('removes the findings in a file that is renamed', async () => {
    const document = await openText('old.ts', bad);
    await runAt(document, 'return');
    await diagnostics(document, 'divergence');
    const renamed = vscode.Uri.joinPath(document.uri, '../new.ts');
    const rename = new vscode.WorkspaceEdit();
    rename.renameFile(document.uri, renamed);
    await vscode.workspace.applyEdit(rename);
    await until('no finding any more', () => (ours(document, 'divergence').length === 0 ? true : undefined));
    const back = new vscode.WorkspaceEdit();
    back.renameFile(renamed, document.uri);
    await vscode.workspace.applyEdit(back);
  });

  it('shows whether the expectation is met in the code lens and, if it is not met, at @expect', async () => {
    const tags = (limit: string) => `@loss @start [3] @optimizer sgd lr=0.1 @steps 60 @expect loss<${limit}`;
    const document = await openText(
      'expects.ts',
      `/** ${tags('1e-8 within 60')} */
export const good = ([x]: number[]) => x! * x!;
/** ${tags('1e-20')} */
export const slow = ([x]: number[]) => x! * x! + 0;
`,
    );
    await runAt(document, 'x! * x!;');
    await lensesOf(document, (titles) =>
      [
        'sgd, exact gradient: converged, loss 2.11e-11 after 60 steps',
        'expected loss < 1e-8 within 60 steps: reached 2.11e-11 at step 60 ✓',
      ].every((title) => titles.includes(title)),
    );
    assert.deepEqual(ours(document, 'expectation'), []);
    await runAt(document, 'x! * x! + 0');
    const [problem] = await diagnostics(document, 'expectation');
    assert.equal(document.getText(problem!.range), 'loss<1e-20');
    assert.equal(
      problem!.message,
      'slow does not meet its expectation.\nexpected loss < 1e-20: reached 2.11e-11 at step 60 ✗',
    );
  });

  it('writes a fix as the smallest edit, which one undo reverts, and the run with it converges', async () => {
    const document = await openText('fix.ts', bad);
    await runAt(document, 'return');
    const [finding] = await diagnostics(document, 'divergence');
    // Fixes are not offered before they have been tried.
    const ours = await until('quick fixes', async () => {
      const found = await quickFixes(document, finding!.range);
      const ofLr = found.filter(({ title }) =>
        /^Adamscope: (Write|Run again with) lr 0\.\d+(:| to)/.test(title),
      );
      return ofLr.length > 0 ? ofLr : undefined;
    });
    const [, lr] =
      /^Adamscope: Write lr (0\.\d+) to the annotation: reaches loss 0\.\d+ in 60 steps; now: diverges at step 2$/.exec(
        ours[0]!.title,
      ) ?? assert.fail(ours[0]!.title);
    assert.match(
      ours[1]!.title,
      new RegExp(`^Adamscope: Run again with lr ${lr}: reaches loss 0\\.\\d+ in 60 steps; now: `),
    );
    const [first] = await quickFixes(document, finding!.range);
    assert.equal(first?.isPreferred, true);
    const { command } = ours[0]!;
    await vscode.commands.executeCommand(command!.command, ...(command!.arguments ?? []));
    assert.equal(document.getText(), bad.replace('lr=0.03', `lr=${lr}`));
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

  it('previews an edit of the source, and writes it when it is applied', async () => {
    const text = `/**
 * @loss
 * @start [100]
 * @optimizer adam lr=1
 * @steps 200
 */
export function overflows([x]: number[]): number {
  return Math.log(1 + Math.exp(10 * x)) + 1e-2 * x * x;
}
`;
    const document = await openText('edited.ts', text);
    await runAt(document, 'return');
    const at = document.getText().indexOf('Math.exp(10');
    const range = new vscode.Range(document.positionAt(at), document.positionAt(at + 1));
    const offered = async () => {
      const found = await quickFixes(document, range);
      return found.find(({ title }) => title.startsWith('Adamscope: Preview the edit softplus'));
    };
    const preview = await until('quick fix', offered, 30_000);
    assert.match(
      preview.title,
      /^Adamscope: Preview the edit softplus without overflow: reaches loss \S+ in \d+ steps; now: loss ∞ at step 1$/,
    );
    const { command } = preview;
    const x = '(10 * x)';
    const edited = (before: string) =>
      before.replace(
        'Math.log(1 + Math.exp(10 * x))',
        `(${x} > 0 ? ${x} + Math.log1p(Math.exp(-${x})) : Math.log1p(Math.exp(${x})))`,
      );
    const show = () => vscode.commands.executeCommand(command!.command, ...(command!.arguments ?? []));
    await show();
    const shown = await until('the difference', shownDifference);
    assert.equal(shown.original.toString(), document.uri.toString());
    const proposed = await vscode.workspace.openTextDocument(shown.modified);
    assert.equal(proposed.getText(), edited(text));
    // The user goes on writing; the preview follows, and nothing else is written.
    const comment = '// A comment.\n';
    await insert(document, text.length, comment);
    await until('the comment in the preview', () =>
      proposed.getText() === edited(text) + comment ? true : undefined,
    );
    assert.equal(document.getText(), text + comment);
    await vscode.commands.executeCommand('adamscope.applyEdit', shown.modified);
    assert.equal(document.getText(), edited(text) + comment);
    assert.equal(shownDifference(), undefined);
    assert.equal(await textOnDisk(document), text);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text + comment);
    // Code that changes while the preview is open.
    await show();
    await until('the difference', shownDifference);
    await insert(document, at, '2 * ');
    const changed = document.getText();
    await vscode.commands.executeCommand('adamscope.applyEdit');
    assert.equal(document.getText(), changed);
    // The edit belongs to a text that is gone.
    const left = await quickFixes(document, range);
    assert.deepEqual(
      left.filter(({ title }) => title.includes('Preview')),
      [],
    );
  }).timeout(60_000);

  it('offers fixes without trial if the setting disables trials', async () => {
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

  it('completes and explains the tags of an annotation', async () => {
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

  it('marks a wrong name in an annotation at its place', async () => {
    const document = await openText('wrong.ts', bad.replace('sgd', 'sgdd'));
    const [problem] = await diagnostics(document, 'unknown-name');
    assert.equal(document.getText(problem!.range), 'sgdd');
    assert.match(problem!.message, /did you mean sgd\?/);
  });

  it('opens the page of a diagnosis as rendered Markdown', async () => {
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
