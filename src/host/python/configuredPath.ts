import path from 'node:path';

/**
 * The interpreter that the setting `adamscope.python` names: an absolute path, or a name to search for on the PATH.
 *
 * @param written  may begin with `~`, contain `${workspaceFolder}`, or be relative to the workspace folder
 * @param folder   the workspace folder of the loss; null if it is in none
 * @returns null if the setting is empty, or refers to a workspace folder and there is none
 */
export function configuredPath(written: string, folder: string | null, home: string): string | null {
  const text = written.trim().replace(/^~(?=$|[\\/])/, () => home);
  if (text === '') return null;
  const isName = !/[\\/]/.test(text) && !text.includes(workspaceFolder);
  if (isName || path.isAbsolute(text)) return text;
  if (folder === null) return null;
  return path.resolve(
    folder,
    text.replaceAll(workspaceFolder, () => folder),
  );
}

const workspaceFolder = `\${workspaceFolder}`;
