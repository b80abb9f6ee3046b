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
import { Cancelled, WorkSlices } from './workSlices';

const pattern = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,py}';
const excluded = '**/{node_modules,dist,build,out,.git,.venv,venv,site-packages,__pycache__}/**';

interface Searched {
  readonly version: number;
  readonly mode: DiscoveryMode;
  readonly losses: Promise<readonly LossDeclaration[]>;
}

/** The losses of open documents and of the workspace, as the editor shows the texts. */
export class LossIndex {
  readonly #searched = new WeakMap<vscode.TextDocument, Searched>();
  readonly #saved = new SavedLosses();

  lossesIn(document: vscode.TextDocument): Promise<readonly LossDeclaration[]> {
    const { version, uri } = document;
    const { discovery: mode } = settingsFor(uri);
    if (mode === 'off' || !isCandidate(uri)) return Promise.resolve([]);
    const known = this.#searched.get(document);
    if (known?.version === version && known.mode === mode) return known.losses;
    const losses = discoverInSlices(document.getText(), uri.fsPath, mode, new WorkSlices(), typesOnDisk());
    this.#searched.set(document, { version, mode, losses });
    return losses;
  }

  /** The user's own optimizers: `@optimizerStep`. */
  optimizerStepsIn(document: vscode.TextDocument): readonly LossDeclaration[] {
    if (settingsFor(document.uri).discovery === 'off' || !isCandidate(document.uri)) return [];
    return optimizerStepsIn(document.getText(), document.uri.fsPath);
  }

  /** The problems of `@derivative` tags. */
  derivativeProblemsIn(document: vscode.TextDocument): readonly SourceProblem[] {
    if (settingsFor(document.uri).discovery === 'off' || !isCandidate(document.uri)) return [];
    return derivativeProblems(document.getText(), document.uri.fsPath);
  }

  /** The loss with the given name, else the function around the position, whatever its name. */
  lossAt(document: vscode.TextDocument, position: vscode.Position): LossDeclaration | null {
    return lossAt(document.getText(), document.uri.fsPath, document.offsetAt(position), typesOnDisk());
  }

  /** The current declaration of a loss; undefined if it no longer exists. */
  async find(file: string, name: string): Promise<LossDeclaration | undefined> {
    const document = await openIfThere(vscode.Uri.file(file));
    if (!document) return undefined;
    return lossInText(document.getText(), file, name, typesOnDisk()) ?? undefined;
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
      for (const document of open) losses.push(...(await this.lossesIn(document)));
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
  ): Promise<{ readonly open: readonly vscode.TextDocument[]; readonly saved: readonly SavedFile[] }> {
    const files = await vscode.workspace.findFiles(pattern, excluded, undefined, token);
    const documents = new Map(vscode.workspace.textDocuments.map((each) => [each.uri.fsPath, each]));
    const folders = new Map<string, FolderRules>();
    const open: vscode.TextDocument[] = [];
    const saved: SavedFile[] = [];
    for (const uri of files) {
      if (slices.isOver()) await slices.rest();
      const document = documents.get(uri.fsPath);
      const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
      if (document) open.push(document);
      else if (folder?.scheme === 'file' && isCandidate(uri)) {
        const rules = folders.get(folder.fsPath) ?? rulesOf(folder);
        folders.set(folder.fsPath, rules);
        const below = path.relative(folder.fsPath, uri.fsPath).split(path.sep).join('/');
        if (!rules.ignored(below, 'file')) saved.push({ file: uri.fsPath, mode: rules.mode });
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

/** The texts of the buffers that are not saved: [absolute path, text]. */
export function unsavedTexts(): (readonly [string, string])[] {
  return vscode.workspace.textDocuments
    .filter((document) => document.isDirty && document.uri.scheme === 'file')
    .map((document) => [document.uri.fsPath, document.getText()] as const);
}

/** Judged by the path relative to the workspace folder: the folder itself may have a name such as build. */
function isCandidate(uri: vscode.Uri): boolean {
  return isCandidateFile(vscode.workspace.asRelativePath(uri, false));
}

/** undefined if the file does not exist or is not a text. */
export async function openIfThere(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}
