import * as vscode from 'vscode';
import type { SourceFix } from '../../core/diagnosis/finding';
import type { SourceEdit } from '../../core/sourceEdit';
import { editedText } from '../../loss/editedSource';
import type { Run } from '../../runs/run';
import { RunPlaces } from '../../runs/runPlaces';
import { notificationText } from '../notificationText';
import { rangeOf } from '../positions';
import { onDidChangeSource, openSource } from '../sources/openSources';
import { uriOf } from '../sources/places';

/** Also in the `when` clauses of the manifest. */
const scheme = 'adamscope-edit';
const apply = 'Apply edit';

interface Preview {
  readonly run: Run;
  readonly fix: SourceFix;
}

/**
 * Shows edits of the source as a difference between the file and a read-only document with the edited text. Only the
 * command *Apply edit* changes the file, by an edit that the user can undo and that is not saved.
 */
export class EditPreviews implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #previews = new Map<string, Preview>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registered: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#registered = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      onDidChangeSource((file) => this.#follow(file)),
    );
  }

  /** The current text of the file with the edit; without it, once the code has changed. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string | undefined> {
    const preview = this.#previews.get(uri.toString());
    if (!preview) return undefined;
    const text = (await openSource(preview.fix.edit.location.file))?.text;
    const edit = await editNow(preview);
    return text !== undefined && edit ? (editedText(text, edit) ?? text) : text;
  }

  async show(run: Run, fix: SourceFix): Promise<void> {
    const edit = await editNow({ run, fix });
    if (!edit) return warn();
    const file = uriOf(fix.edit.location);
    const uri = file.with({ scheme, query: `${run.record.id} ${fix.id}` });
    this.#previews.set(uri.toString(), { run, fix });
    this.#changed.fire(uri);
    const title = fix.words?.label ?? fix.title;
    await vscode.commands.executeCommand(
      'vscode.diff',
      file,
      uri,
      `${vscode.workspace.asRelativePath(file)}: ${title}`,
      {
        viewColumn: vscode.ViewColumn.One,
        selection: rangeOf(edit.location),
      } satisfies vscode.TextDocumentShowOptions,
    );
    void vscode.window
      .showInformationMessage(notificationText(`Nothing is written yet: ${title}.`), apply)
      .then((answer) => (answer === apply ? this.apply(uri) : undefined));
  }

  /**
   * Writes the edit into the file, and closes its preview. Does nothing if it has been written.
   *
   * @param uri  the read-only document; absent: that of the active editor
   */
  async apply(uri = activePreview()): Promise<void> {
    const preview = uri && this.#previews.get(uri.toString());
    if (!uri || !preview) return;
    const edit = await editNow(preview);
    if (!edit) return warn();
    const made = new vscode.WorkspaceEdit();
    made.replace(uriOf(edit.location), rangeOf(edit.location), edit.after);
    if (!(await vscode.workspace.applyEdit(made))) return;
    this.#previews.delete(uri.toString());
    const start = rangeOf(edit.location).start;
    await vscode.window.showTextDocument(uriOf(edit.location), {
      viewColumn: vscode.ViewColumn.One,
      selection: new vscode.Range(start, start),
    });
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await vscode.window.tabGroups.close(tabs.filter((tab) => previewIn(tab)?.toString() === uri.toString()));
  }

  dispose(): void {
    this.#registered.dispose();
  }

  /** The previews of a file contain its other changes too. */
  #follow(changed: string): void {
    for (const [key, { run, fix }] of this.#previews)
      if ([run.record.source.file, fix.edit.location.file].includes(changed))
        this.#changed.fire(vscode.Uri.parse(key));
  }
}

/** The edit at its place in the current texts; null if the code has changed since the run. */
async function editNow({ run, fix }: Preview): Promise<SourceEdit | null> {
  const texts = new Map<string, string>();
  for (const file of [run.record.source.file, fix.edit.location.file]) {
    const source = await openSource(file);
    if (source) texts.set(file, source.text);
  }
  return RunPlaces.now(run, (file) => texts.get(file))?.ofEdit(fix.edit) ?? null;
}

function warn(): void {
  void vscode.window.showWarningMessage('The code has changed since the run; run the loss again.');
}

function activePreview(): vscode.Uri | undefined {
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
  return tab && previewIn(tab);
}

function previewIn({ input }: vscode.Tab): vscode.Uri | undefined {
  return input instanceof vscode.TabInputTextDiff && input.modified.scheme === scheme
    ? input.modified
    : undefined;
}
