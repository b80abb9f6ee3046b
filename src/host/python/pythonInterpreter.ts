import os from 'node:os';
import { PVSC_EXTENSION_ID, PythonExtension } from '@vscode/python-extension';
import * as vscode from 'vscode';
import type { LossDeclaration } from '../../loss/declaration';
import type { PythonInterpreter } from '../../loss/source';
import { settingsFor } from '../settings';
import { configuredPath } from './configuredPath';

/**
 * The interpreter that the user chose for a loss. Asked for only when the loss is about to be evaluated, because asking activates the
 * Python extension.
 *
 * @returns null for a loss in another language, and if none was chosen: the provider then searches around the file
 */
export async function chosenInterpreter({
  file,
  language,
}: LossDeclaration): Promise<PythonInterpreter | null> {
  return language === 'python' ? interpreterFor(vscode.Uri.file(file)) : null;
}

/** The interpreter that the user chose for a file or a folder. Asking activates the Python extension. */
export async function interpreterFor(resource: vscode.Uri): Promise<PythonInterpreter | null> {
  return (await selectedInExtension(resource)) ?? configured(resource);
}

async function selectedInExtension(resource: vscode.Uri): Promise<PythonInterpreter | null> {
  if (!vscode.extensions.getExtension(PVSC_EXTENSION_ID)) return null;
  try {
    const { environments } = await PythonExtension.api();
    const selected = environments.getActiveEnvironmentPath(resource);
    const executable = (await environments.resolveEnvironment(selected))?.executable.uri;
    return executable ? { path: executable.fsPath, foundBy: 'selected in the Python extension' } : null;
  } catch {
    // Without the extension, the loss can still run.
    return null;
  }
}

function configured(resource: vscode.Uri): PythonInterpreter | null {
  const folder = vscode.workspace.getWorkspaceFolder(resource)?.uri.fsPath ?? null;
  const executable = configuredPath(settingsFor(resource).python, folder, os.homedir());
  return executable === null ? null : { path: executable, foundBy: 'setting adamscope.python' };
}
