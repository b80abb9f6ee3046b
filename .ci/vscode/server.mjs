// Starts a served VS Code: a separate process with a connection token, reachable from this machine only.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { killGroup, run } from '../command.mjs';
import { Problem } from '../problem.mjs';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 6_000;
const KEPT_LOG = 400_000;

const leash = fileURLToPath(new URL('leash.mjs', import.meta.url));

/** Settings that suppress the welcome page, telemetry, chat and recommendations of a first start. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  // In a browser VS Code saves automatically, unlike on the desktop.
  'files.autoSave': 'off',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'security.workspace.trust.startupPrompt': 'never',
  'git.openRepositoryInParentFolders': 'never',
};

/** A short folder for sockets and temporary files: the path of a socket is limited to 103 characters. */
export function shortTemporaryFolder() {
  const base = tmpdir().length > 40 ? '/tmp' : tmpdir();
  return mkdtempSync(path.join(base, 'adamscope-'));
}

/** The file from which the server reads the settings. */
export function settingsFile(userDataFolder) {
  return path.join(userDataFolder, 'User', 'settings.json');
}

export function writeSettings(userDataFolder, settings) {
  const file = settingsFile(userDataFolder);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`);
}

function folderArguments({ dataFolder, userDataFolder }) {
  return [
    '--server-data-dir',
    dataFolder,
    '--user-data-dir',
    userDataFolder,
    '--accept-server-license-terms',
  ];
}

/** Installs a packaged extension into the server's data, before the server is started. */
export async function installVsix(installation, folders, vsix) {
  const { code, output } = await run(
    installation.node,
    [installation.serverMain, ...folderArguments(folders), '--install-extension', vsix, '--force'],
    { limitMs: 60_000 },
  );
  if (code === 0) return;
  console.error(output.trimEnd());
  throw new Problem(`${path.basename(vsix)} could not be installed (the output is above).`);
}

/**
 * Installs an unpacked extension, such as a checkout, without copying it. Its bundles are read again when the
 * window is reloaded. Unlike an extension under development, it does not require the server's test driver,
 * which hides notifications, and it respects workspace trust.
 */
export function linkExtension({ dataFolder }, extension) {
  const { publisher, name, version } = JSON.parse(readFileSync(path.join(extension, 'package.json'), 'utf8'));
  const entry = {
    identifier: { id: `${publisher}.${name}` },
    version,
    location: { $mid: 1, path: extension, scheme: 'file' },
    metadata: { source: 'vsix' },
  };
  const folder = path.join(dataFolder, 'extensions');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'extensions.json'), JSON.stringify([entry]));
}

/**
 * @param installation  from installServedVsCode()
 * @param options.dataFolder      the server's own data, extensions included
 * @param options.userDataFolder  settings and state
 * @param options.temporaryFolder  a folder from shortTemporaryFolder() that is deleted with the server; absent: its own
 * @param options.port            0 or absent: any free one
 * @param options.trusted         false: workspaces open restricted
 * @param options.development     the address may name an extension under development, or a suite; no notifications then
 * @param options.env             added to the environment of the server and its extension hosts
 */
export async function startServer(installation, options) {
  const runtime = options.temporaryFolder ?? shortTemporaryFolder();
  const token = randomBytes(24).toString('hex');
  const tokenFile = path.join(runtime, 'token');
  // The token is passed in a file, because other users of the machine can read command lines.
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const args = [
    leash,
    runtime,
    installation.node,
    installation.serverMain,
    ...folderArguments(options),
    '--host=127.0.0.1',
    `--port=${options.port ?? 0}`,
    `--connection-token-file=${tokenFile}`,
    '--telemetry-level=off',
    // A built server accepts the development keys of the address only with this argument.
    ...(options.development ? ['--enable-smoke-test-driver'] : []),
    ...(options.trusted === false ? [] : ['--disable-workspace-trust']),
  ];
  const env = { ...process.env, ...options.env, TMPDIR: runtime, XDG_RUNTIME_DIR: runtime };
  // A terminal or extension host of another VS Code sets these variables. They would redirect the new VS Code
  // to that one.
  for (const name of Object.keys(env)) {
    if (/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name)) delete env[name];
  }
  const child = spawn(process.execPath, args, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const remove = () => rmSync(runtime, { recursive: true, force: true, maxRetries: 3 });
  // Cleans up if this process exits before stop() was called. If this handler does not run, leash.mjs does
  // the same.
  const onExit = () => {
    killGroup(child, 'SIGKILL');
    remove();
  };
  process.on('exit', onExit);

  let log = '';
  const keep = (text) => {
    log = (log + text).slice(-KEPT_LOG);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  child.stdin.on('error', () => {});
  const exited = new Promise((resolve) => {
    child.on('error', (error) => {
      keep(`${error.message}\n`);
      resolve();
    });
    child.on('exit', () => resolve());
  });

  const stop = async () => {
    child.stdin.end();
    const timer = setTimeout(() => killGroup(child, 'SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(timer);
    process.off('exit', onExit);
    remove();
  };

  const port = await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), START_LIMIT_MS);
    const settle = (value) => {
      clearTimeout(timer);
      resolve(value);
    };
    child.stdout.on('data', () => {
      const match = /Web UI available at \S+?:(\d+)/.exec(log);
      if (match) settle(Number(match[1]));
    });
    exited.then(() => settle(undefined));
  });
  if (port === undefined) {
    await stop();
    console.error(log.trimEnd());
    throw new Problem('the VS Code server did not start (its output is above).');
  }
  return { origin: `http://127.0.0.1:${port}`, token, pid: child.pid, log: () => log, exited, stop };
}

/** The URI by which the served workbench names a path on this machine. */
function remoteUri(authority, absolutePath) {
  return `vscode-remote://${authority}${absolutePath.split(path.sep).map(encodeURIComponent).join('/')}`;
}

/**
 * The address that opens a folder.
 *
 * @param options.folder       absolute path
 * @param options.development  absolute path of an extension under development
 * @param options.tests        absolute path, with its .js, of a suite to run in the extension host
 * @param options.open         absolute path of a file to open
 */
export function workbenchUrl(server, { folder, development, tests, open }) {
  const payload = [['skipWelcome', 'true']];
  // The development keys require the authority `remote`. A file must have the folder's authority to belong to
  // the folder.
  if (development !== undefined) payload.push(['extensionDevelopmentPath', remoteUri('remote', development)]);
  if (tests !== undefined) payload.push(['extensionTestsPath', remoteUri('remote', tests)]);
  if (open !== undefined) payload.push(['openFile', remoteUri(new URL(server.origin).host, open)]);
  const query = new URLSearchParams({ tkn: server.token, folder, payload: JSON.stringify(payload) });
  return `${server.origin}/?${query}`;
}
