import * as vscode from 'vscode';
import type { LossDeclaration } from '../loss/declaration';
import { isCandidateFile } from '../loss/discovery/candidateFile';
import { discover, lossAt, optimizerStepsIn } from '../loss/discovery/discover';
import { lossInText } from '../loss/discovery/lossInText';
import { settingsFor } from './settings';

const pattern = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}';
const excluded = '**/{node_modules,dist,build,out,.git}/**';
/** Cheap test that spares parsing: no loss is found in a text without one of these. */
const mayHoldLoss = /@loss|loss|cost|objective|energy|nll|error/i;

export const languages: vscode.DocumentSelector = [
  { language: 'typescript' },
  { language: 'typescriptreact' },
  { language: 'javascript' },
  { language: 'javascriptreact' },
].map((filter) => ({ ...filter, scheme: 'file' }));

/** The losses of open documents and of the workspace, as the editor shows the texts. */
export class LossIndex {
  readonly #cache = new WeakMap<
    vscode.TextDocument,
    { version: number; mode: string; losses: LossDeclaration[] }
  >();

  lossesIn(document: vscode.TextDocument): readonly LossDeclaration[] {
    const { discovery } = settingsFor(document.uri);
    if (discovery === 'off' || !isCandidate(document.uri)) return [];
    const cached = this.#cache.get(document);
    if (cached?.version === document.version && cached.mode === discovery) return cached.losses;
    const losses = discover(document.getText(), document.uri.fsPath, discovery);
    this.#cache.set(document, { version: document.version, mode: discovery, losses });
    return losses;
  }

  /** The user's own optimizers: `@optimizerStep`. */
  optimizerStepsIn(document: vscode.TextDocument): readonly LossDeclaration[] {
    if (settingsFor(document.uri).discovery === 'off' || !isCandidate(document.uri)) return [];
    return optimizerStepsIn(document.getText(), document.uri.fsPath);
  }

  /** The loss with the given name, else the function around the position, whatever its name. */
  lossAt(document: vscode.TextDocument, position: vscode.Position): LossDeclaration | null {
    return lossAt(document.getText(), document.uri.fsPath, document.offsetAt(position));
  }

  /** The current declaration of a loss; undefined if it no longer exists. */
  async find(file: string, name: string): Promise<LossDeclaration | undefined> {
    const document = await openIfThere(vscode.Uri.file(file));
    if (!document) return undefined;
    return lossInText(document.getText(), file, name) ?? undefined;
  }

  /** Every loss of the workspace. */
  async all(token?: vscode.CancellationToken): Promise<LossDeclaration[]> {
    const files = await vscode.workspace.findFiles(pattern, excluded, 5000, token);
    const losses: LossDeclaration[] = [];
    for (const file of files) {
      if (token?.isCancellationRequested) break;
      if (!isCandidate(file)) continue;
      const open = vscode.workspace.textDocuments.find((document) => document.uri.fsPath === file.fsPath);
      if (open) {
        losses.push(...this.lossesIn(open));
        continue;
      }
      const text = await readText(file);
      const { discovery } = settingsFor(file);
      if (discovery !== 'off' && mayHoldLoss.test(text))
        losses.push(...discover(text, file.fsPath, discovery));
    }
    return losses;
  }
}

/** The texts of the buffers that are not saved: [absolute path, text]. */
export function unsavedTexts(): (readonly [string, string])[] {
  return vscode.workspace.textDocuments
    .filter((document) => document.isDirty && document.uri.scheme === 'file')
    .map((document) => [document.uri.fsPath, document.getText()] as const);
}

/** By the path below the workspace's folder: the folder itself may well be called build. */
function isCandidate(uri: vscode.Uri): boolean {
  return isCandidateFile(vscode.workspace.asRelativePath(uri, false));
}

/** undefined if there is no such file, or it is no text. */
export async function openIfThere(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

async function readText(uri: vscode.Uri): Promise<string> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return '';
  }
}
