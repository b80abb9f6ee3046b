import * as vscode from 'vscode';
import type { RunConfigPatch } from '../../core/config/runConfig';
import { editAnnotation } from '../../loss/annotation/annotationEdit';
import type { LossIndex } from '../lossIndex';
import { rangeOf } from '../positions';
import { openSource } from '../sources/openSources';
import { uriOf } from '../sources/places';

/** Writes configuration into the annotation of a loss, by the smallest edit, which the user can undo. */
export class AnnotationWriter {
  readonly #index: LossIndex;

  constructor(index: LossIndex) {
    this.#index = index;
  }

  /** The edit; undefined if the loss no longer exists. */
  async edit(
    file: string,
    lossName: string,
    patch: RunConfigPatch,
  ): Promise<vscode.WorkspaceEdit | undefined> {
    const declaration = await this.#index.find(file, lossName);
    const source = declaration && (await openSource(file));
    if (!source) return undefined;
    const edit = new vscode.WorkspaceEdit();
    for (const { location, text } of editAnnotation(source.text, declaration, patch))
      edit.replace(uriOf(location), rangeOf(location), text);
    return edit;
  }

  /** Applies the edit; shows an error if the loss no longer exists. */
  async write(file: string, lossName: string, patch: RunConfigPatch): Promise<boolean> {
    const edit = await this.edit(file, lossName, patch);
    if (edit && (await vscode.workspace.applyEdit(edit))) return true;
    void vscode.window.showErrorMessage(
      `${lossName} is not in ${vscode.workspace.asRelativePath(file)} any more: nothing was written.`,
    );
    return false;
  }
}
