// The desktop VS Code, if this machine has one that can show a window.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { run } from './command.mjs';
import { root } from './paths.mjs';

const windows = process.platform === 'win32';
const OLDEST = [1, 101];

function codeOnPath() {
  const name = windows ? 'code.cmd' : 'code';
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
}

function runCode(args, limitMs) {
  // code.cmd is a batch file: it needs a shell, and a path with spaces needs quotes.
  const quote = (text) => (windows ? `"${text}"` : text);
  return run(quote(codeOnPath()), args.map(quote), { shell: windows, limitMs, leaveChildren: true });
}

/** The reason why the desktop VS Code is not used, in a few words; undefined if it is. */
export async function whyNotDesktop() {
  if (process.env.ADAMSCOPE_START === 'served') return 'as ADAMSCOPE_START asks';
  if (codeOnPath() === undefined) return 'there is no `code` command on the PATH';
  // Inside a remote window, `code` opens files in that window and ignores extensions under development.
  if (process.env.VSCODE_IPC_HOOK_CLI || process.env.WSL_DISTRO_NAME)
    return 'the `code` command here belongs to a remote window';
  const { code, stdout } = await runCode(['--version'], 30_000);
  if (code !== 0) return 'the `code` command does not work here';
  const [major, minor] = stdout.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    return `the VS Code on the PATH is older than ${OLDEST.join('.')}`;
  const headless = process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  return headless ? 'there is no display for the desktop VS Code' : undefined;
}

/** Opens the folder, and the file in it. @returns whether VS Code accepted them */
export async function openDesktop(folder, file) {
  const args = [`--extensionDevelopmentPath=${root}`, '--new-window', folder];
  const { code, output } = await runCode(file === undefined ? args : [...args, file]);
  if (code === 0) console.log('VS Code opened a window with Adamscope under development.');
  else console.error(output.trimEnd());
  return code === 0;
}
