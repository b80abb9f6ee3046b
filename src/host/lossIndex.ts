import path from 'node:path';
import * as vscode from 'vscode';
import type { DiscoveryMode, LossDeclaration } from '../loss/declaration';
import { isCandidateFile } from '../loss/discovery/candidateFile';
import { lossAt, optimizerStepsIn } from '../loss/discovery/discover';
import { discoverInSlices } from '../loss/discovery/discoverInSlices';
import { derivativeProblems } from '../loss/discovery/javascript/derivatives';
import { lossInText } from '../loss/discovery/lossInText';
import { type Ignored, ignoredBelow } from '../loss/disk/ignoredBelow';
import { typesOnDisk } from '../loss/disk/importedText';
import type { SourceProblem } from '../loss/problem';
import { type SavedFile, SavedLosses } from './savedLosses';
import { settingsFor } from './settings';
import {
  type OpenSource,
  offsetIn,
  openSource,
  openSourceAt,
  openSources,
  type SourceOfDocument,
  sourceOf,
} from './sources/openSources';
import { Cancelled, WorkSlices } from './workSlices';

export const sourcePattern = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,py,ipynb}';
const excluded =
  '**/{node_modules,dist,build,out,.git,.venv,venv,site-packages,__pycache__,.ipynb_checkpoints}/**';

interface Searched {
  readonly text: string;
  readonly mode: DiscoveryMode;
  readonly losses: Promise<readonly LossDeclaration[]>;
}

/** The losses of open documents and of the workspace, as the editor shows the texts. */
export class LossIndex {
  readonly #searched = new WeakMap<OpenSource['document'], Searched>();
  readonly #saved = new SavedLosses();

  /** @param document  also a cell of a notebook, which has the losses that it defines */
  async lossesIn(document: vscode.TextDocument): Promise<readonly LossDeclaration[]> {
    const source = sourceOf(document);
    return source ? (await this.#lossesOf(source)).filter(isIn(source)) : [];
  }

  /** The user's own optimizers: `@optimizerStep`. */
  optimizerStepsIn(document: vscode.TextDocument): readonly LossDeclaration[] {
    const source = searchedSource(document);
    return source ? optimizerStepsIn(source.text, source.file).filter(isIn(source)) : [];
  }

  /** The problems of `@derivative` tags. */
  derivativeProblemsIn(document: vscode.TextDocument): readonly SourceProblem[] {
    const source = searchedSource(document);
    return source ? derivativeProblems(source.text, source.file) : [];
  }

  /** The loss with the given name, else the function around the position, whatever its name. */
  lossAt(document: vscode.TextDocument, position: vscode.Position): LossDeclaration | null {
    const source = sourceOf(document);
    return source ? lossAt(source.text, source.file, offsetIn(source, position), typesOnDisk()) : null;
  }

  /** The current declaration of a loss; undefined if it no longer exists. */
  async find(file: string, name: string): Promise<LossDeclaration | undefined> {
    const source = await openSource(file);
    return (source && lossInText(source.text, file, name, typesOnDisk())) ?? undefined;
  }

  /** The losses of a file, if the search of the workspace includes it: as its editor shows it, or else as it is saved. */
  async inFile(file: string): Promise<readonly LossDeclaration[]> {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri;
    if (folder?.scheme !== 'file' || !isCandidate(file)) return [];
    const open = openSourceAt(file);
    if (open) return this.#lossesOf(open);
    const { mode, ignored } = rulesOf(folder);
    const isIgnored = ignored(belowFolder(folder, file), 'file');
    return isIgnored ? [] : this.#saved.lossesIn({ file, mode }, new WorkSlices());
  }

  #lossesOf({ file, text, document }: OpenSource): Promise<readonly LossDeclaration[]> {
    const { discovery: mode } = settingsFor(vscode.Uri.file(file));
    if (mode === 'off' || !isCandidate(file)) return Promise.resolve([]);
    const known = this.#searched.get(document);
    if (known?.text === text && known.mode === mode) return known.losses;
    const losses = discoverInSlices(text, file, mode, new WorkSlices(), typesOnDisk());
    this.#searched.set(document, { text, mode, losses });
    return losses;
  }

  /**
   * Every loss of the workspace, except in files that git ignores. Only files that have changed since the
   * last search are read, and the extension host remains responsive in between.
   *
   * @returns the losses found before a cancellation
   */
  async all(token?: vscode.CancellationToken): Promise<LossDeclaration[]> {
    const slices = new WorkSlices(() => token?.isCancellationRequested ?? false);
    const losses: LossDeclaration[] = [];
    try {
      const { open, saved } = await this.#files(slices, token);
      for (const source of open) losses.push(...(await this.#lossesOf(source)));
      for await (const found of this.#saved.losses(saved, slices)) losses.push(...found);
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    }
    return losses;
  }

  /** @throws Cancelled */
  async #files(
    slices: WorkSlices,
    token?: vscode.CancellationToken,
  ): Promise<{ readonly open: readonly OpenSource[]; readonly saved: readonly SavedFile[] }> {
    const files = await vscode.workspace.findFiles(sourcePattern, excluded, undefined, token);
    const sources = new Map(openSources().map((each) => [each.file, each]));
    const folders = new Map<string, FolderRules>();
    const open: OpenSource[] = [];
    const saved: SavedFile[] = [];
    for (const uri of files) {
      if (slices.isOver()) await slices.rest();
      const source = sources.get(uri.fsPath);
      const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
      if (source) open.push(source);
      else if (folder?.scheme === 'file' && isCandidate(uri.fsPath)) {
        const rules = folders.get(folder.fsPath) ?? rulesOf(folder);
        folders.set(folder.fsPath, rules);
        if (!rules.ignored(belowFolder(folder, uri.fsPath), 'file'))
          saved.push({ file: uri.fsPath, mode: rules.mode });
      }
    }
    return { open, saved };
  }
}

/** The rules for all files of a workspace folder. They are read once per search, because this is slow. */
interface FolderRules {
  readonly mode: DiscoveryMode;
  readonly ignored: Ignored;
}

function rulesOf(folder: vscode.Uri): FolderRules {
  return { mode: settingsFor(folder).discovery, ignored: ignoredBelow(folder.fsPath) };
}

/** The path below a workspace folder, with forward slashes. */
function belowFolder(folder: vscode.Uri, file: string): string {
  return path.relative(folder.fsPath, file).split(path.sep).join('/');
}

/** The source of a document, unless it is not searched. */
function searchedSource(document: vscode.TextDocument): SourceOfDocument | undefined {
  const source = sourceOf(document);
  const isSearched =
    source && settingsFor(vscode.Uri.file(source.file)).discovery !== 'off' && isCandidate(source.file);
  return isSearched ? source : undefined;
}

/** Whether a function is defined in a document. */
function isIn({ cell }: SourceOfDocument): (declaration: LossDeclaration) => boolean {
  return ({ location }) => location.cell === cell;
}

/** Judged by the path relative to the workspace folder: the folder itself may have a name such as build. */
function isCandidate(file: string): boolean {
  return isCandidateFile(vscode.workspace.asRelativePath(vscode.Uri.file(file), false));
}
