import path from 'node:path';
import * as vscode from 'vscode';
import type { LossDeclaration } from '../../loss/declaration';
import { hasExpectation } from '../../loss/discovery/hasExpectation';
import { type LossIndex, sourcePattern } from '../lossIndex';
import { rangeOf } from '../positions';
import { onDidChangeSource, onDidCloseSource, openSources } from '../sources/openSources';
import { uriOf } from '../sources/places';

/** The delay after a change, so that typing and a checkout of many files are looked at once. */
const lookDelayMs = 250;

/**
 * The items of the Test Explorer: an item for each file, and below it a test for each loss with `@expect`. They follow edits, saved
 * or not, and files that appear, change or disappear. Nothing is run. Until someone asks for the whole workspace, only open
 * files are searched.
 */
export class ExpectationTree implements vscode.Disposable {
  readonly #controller: vscode.TestController;
  readonly #index: LossIndex;
  readonly #subscriptions: vscode.Disposable[];
  readonly #declarations = new WeakMap<vscode.TestItem, LossDeclaration>();
  /** The files to be looked at. */
  readonly #due = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  /** The number of the last search of each file; the result of an older one is dropped. */
  readonly #rounds = new Map<string, number>();
  #round = 0;
  /** The search of the whole workspace; null before the first one. */
  #whole: Promise<void> | null = null;

  constructor(controller: vscode.TestController, index: LossIndex) {
    this.#controller = controller;
    this.#index = index;
    const changed = vscode.workspace.createFileSystemWatcher(sourcePattern, false, false, true);
    // A deleted folder is one event, without those of its files.
    const deleted = vscode.workspace.createFileSystemWatcher('**/*', true, true, false);
    const onSavedFile = ({ fsPath }: vscode.Uri) =>
      (this.#whole || this.#has(fsPath)) && this.#lookSoon(fsPath);
    this.#subscriptions = [
      changed,
      changed.onDidCreate(onSavedFile),
      changed.onDidChange(onSavedFile),
      deleted,
      deleted.onDidDelete(({ fsPath }) => this.#forget(fsPath)),
      onDidChangeSource((file) => this.#lookSoon(file)),
      onDidCloseSource((file) => this.#lookSoon(file)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#lookAgain()),
      vscode.workspace.onDidChangeConfiguration(
        (change) => change.affectsConfiguration('adamscope.discovery') && this.#lookAgain(),
      ),
    ];
    for (const { file } of openSources()) this.#lookSoon(file);
  }

  /** The loss of a test, as it was last found; undefined for the item of a file. */
  declarationOf(item: vscode.TestItem): LossDeclaration | undefined {
    return this.#declarations.get(item);
  }

  /** All tests, in the order of their files. */
  get tests(): readonly vscode.TestItem[] {
    return [...this.#controller.items].flatMap(([, file]) => [...file.children].map(([, test]) => test));
  }

  /** Searches the whole workspace, if this was not done before. */
  async complete(): Promise<void> {
    await (this.#whole ?? this.search());
  }

  /** Searches the whole workspace. Files that have not changed are not read again. */
  search(token?: vscode.CancellationToken): Promise<void> {
    const searching = this.#searchAll(token);
    this.#whole = searching;
    return searching;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #searchAll(token?: vscode.CancellationToken): Promise<void> {
    const round = ++this.#round;
    const byFile = new Map<string, LossDeclaration[]>();
    for (const loss of await this.#index.all(token))
      byFile.set(loss.file, [...(byFile.get(loss.file) ?? []), loss]);
    // A search that was cancelled has not seen every file.
    if (token?.isCancellationRequested) this.#whole = null;
    else for (const file of this.#files) if (!byFile.has(file)) this.#show(file, [], round);
    for (const [file, found] of byFile) this.#show(file, found, round);
  }

  get #files(): readonly string[] {
    return [...this.#controller.items].map(([file]) => file);
  }

  #has(file: string): boolean {
    return this.#controller.items.get(file) !== undefined;
  }

  #lookSoon(file: string): void {
    this.#due.add(file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#lookAtDue(), lookDelayMs);
  }

  async #lookAtDue(): Promise<void> {
    const files = [...this.#due];
    this.#due.clear();
    for (const file of files) {
      const round = ++this.#round;
      this.#show(file, await this.#index.inFile(file), round);
    }
  }

  #lookAgain(): void {
    if (this.#whole) void this.search();
    else for (const file of [...this.#files, ...openSources().map((each) => each.file)]) this.#lookSoon(file);
  }

  /** @param gone  a file or a folder */
  #forget(gone: string): void {
    for (const file of this.#files)
      if (file === gone || file.startsWith(gone + path.sep)) this.#show(file, [], ++this.#round);
  }

  /** @param round  the number of the search that found the losses */
  #show(file: string, losses: readonly LossDeclaration[], round: number): void {
    if (round < (this.#rounds.get(file) ?? 0)) return;
    this.#rounds.set(file, round);
    const expecting = losses.filter(hasExpectation);
    const { items } = this.#controller;
    if (expecting.length === 0) {
      items.delete(file);
      return;
    }
    const parent =
      items.get(file) ?? this.#newItem(file, vscode.workspace.asRelativePath(file), vscode.Uri.file(file));
    parent.children.replace(expecting.map((loss) => this.#itemOf(loss, parent)));
    if (!this.#has(file)) items.add(parent);
  }

  #itemOf(loss: LossDeclaration, parent: vscode.TestItem): vscode.TestItem {
    const { file, name, location } = loss;
    const id = `${file}#${name}`;
    // A cell of a notebook has a document of its own once the notebook is open.
    const uri = uriOf(location);
    const known = parent.children.get(id);
    const item = known?.uri?.toString() === uri.toString() ? known : this.#newItem(id, name, uri);
    const isPlaced = location.cell === undefined || uri.scheme !== 'file';
    item.range = isPlaced ? rangeOf(location) : undefined;
    this.#declarations.set(item, loss);
    return item;
  }

  #newItem(id: string, label: string, uri: vscode.Uri): vscode.TestItem {
    return this.#controller.createTestItem(id, label, uri);
  }
}
