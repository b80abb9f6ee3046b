// Prepares `npm start`, `npm test`, `npm run bench` and `npm run package`: the dependencies and the bundles.
// Imports only modules of Node, because a fresh clone has no others.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCommand, run } from './command.mjs';
import { withLock } from './lock.mjs';
import { root } from './paths.mjs';
import { main, Problem } from './problem.mjs';

const OLDEST_NODE = [20, 19];

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new Problem(
      `Node ${OLDEST_NODE.join('.')} or newer is needed, and this is ${process.versions.node}.`,
    );
  }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules contains what package-lock.json requires. npm writes its own record,
 * node_modules/.package-lock.json, at the end of an installation, so an interrupted installation has none. A
 * manual installation counts as well.
 */
export function dependenciesAreCurrent(folder = root) {
  const asked = readJson(path.join(folder, 'package-lock.json'))?.packages;
  const installed = readJson(path.join(folder, 'node_modules', '.package-lock.json'))?.packages;
  if (asked === undefined || installed === undefined) return false;
  return Object.entries(asked).every(([name, entry]) => {
    if (name === '') return true;
    const present = installed[name];
    // Optional packages are for one platform each, so most are missing for a reason.
    if (present === undefined) return entry.optional === true || entry.devOptional === true;
    return present.version === entry.version && present.integrity === entry.integrity;
  });
}

async function installDependencies() {
  console.log('Installing the dependencies (npm ci) ...');
  const npm = npmCommand(['ci', '--no-audit', '--no-fund', '--include=dev']);
  const { code, output } = await run(npm.command, npm.args, { cwd: root, shell: npm.shell });
  if (code === 0) return;
  console.error(output.trimEnd());
  throw new Problem('npm ci failed (its output is above); is the package registry reachable?');
}

/** Tests and benches are found by name among the bundles, so bundles of deleted sources must be removed. */
function removeBundlesBefore(time) {
  const folder = path.join(root, 'dist', 'test');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = path.join(folder, String(name));
    const status = statSync(file);
    if (status.isFile() && status.mtimeMs < time) rmSync(file, { force: true });
  }
}

/** Builds every bundle. The output is that of esbuild, including warnings. */
export async function build(limitMs) {
  // File systems round times. Two builds are always more than a second apart.
  const start = Date.now() - 1000;
  const { code, output } = await run(process.execPath, ['esbuild.js'], { cwd: root, limitMs });
  if (code === 0) removeBundlesBefore(start);
  return { ok: code === 0, output: output.trimEnd() };
}

/** Installs the dependencies if they are missing or do not match package-lock.json. */
export async function prepareDependencies() {
  checkNode();
  if (!existsSync(path.join(root, 'package-lock.json')))
    throw new Problem('package-lock.json is missing: is this a complete checkout?');
  const name = createHash('sha256').update(realpathSync(root)).digest('hex').slice(0, 12);
  // Outside node_modules, because npm ci empties that folder.
  const lock = path.join(tmpdir(), `adamscope-prepare-${name}.lock`);
  await withLock(
    lock,
    () => console.log('Waiting for another process that prepares this checkout ...'),
    async () => {
      if (!dependenciesAreCurrent()) await installDependencies();
    },
  );
}

/** Installs what is missing, and builds. Throws a Problem if this is not possible. */
export async function prepare() {
  await prepareDependencies();
  console.log('Building ...');
  const { ok, output } = await build();
  if (output !== '') console.error(output);
  if (!ok) throw new Problem('the build failed (node esbuild.js; its output is above).');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(prepare);
