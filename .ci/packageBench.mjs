// npm run packages [-- <part of a name>...]: compares the functions of public packages with their rewritten copies, runs the
// losses over packages, and writes docs/package-bench.md, if no names are given.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { installOnce } from './installOnce.mjs';
import { cacheFolder, root } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { main, Problem } from './problem.mjs';

const bench = path.join(root, 'dist', 'test', 'bench', 'packages');
const losses = path.join(root, 'test', 'bench', 'packages', 'losses');
const cli = path.join(root, 'dist', 'cli.js');
/** For one package, or one loss. */
const limitMs = 90_000;
/** Two runs of a difference quotient with rounding errors of 1e-16 and steps of about 1e-5 agree to this. */
const agreement = 1e-6;

function node(args, cwd) {
  return new Promise((resolve) => {
    const env = { ...process.env, ADAMSCOPE_CACHE_DIR: '' };
    const options = { cwd, env, timeout: limitMs, maxBuffer: 2 ** 28, killSignal: 'SIGKILL' };
    execFile(process.execPath, args, options, (error, stdout, stderr) => resolve({ error, stdout, stderr }));
  });
}

async function installPackages(packages) {
  const list = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  const key = createHash('sha256').update(list.join('\n')).digest('hex').slice(0, 12);
  const folder = path.join(cacheFolder(), `packages-${key}`);
  await installOnce({
    folder,
    what: `${list.length} packages`,
    isComplete: () => existsSync(path.join(folder, 'node_modules')),
    install: (temporary) =>
      new Promise((resolve, reject) => {
        writeFileSync(path.join(temporary, 'package.json'), '{ "private": true }\n');
        const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...list];
        execFile('npm', args, { cwd: temporary, maxBuffer: 2 ** 26 }, (error) =>
          error ? reject(new Problem(`the packages could not be installed: ${error.message}`)) : resolve(),
        );
      }),
  });
  return folder;
}

async function compare(folder, name) {
  const { stdout } = await node(
    ['--stack-size=8000', path.join(bench, 'compareBits.js'), folder, name],
    folder,
  );
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  const last = lines.findLast((line) => line.endsWith('}'));
  return last
    ? JSON.parse(last)
    : { functions: 0, calls: 0, differences: [], problem: 'it could not be loaded', modules: 0 };
}

async function gradient(folder, file, mode) {
  const target = `losses/${file}#loss`;
  const set = mode ? ['--set', `gradientMode=${mode}`] : [];
  const args = [
    cli,
    'run',
    target,
    '--steps',
    '1',
    '--steps-out',
    `${file}.ndjson`,
    '--json',
    '--no-verify',
    ...set,
  ];
  const startedAt = performance.now();
  const { stdout, stderr } = await node([...args, '--timeout', '60000'], folder);
  const ms = performance.now() - startedAt;
  try {
    const printed = JSON.parse(stdout);
    const { readFileSync } = await import('node:fs');
    const [step] = readFileSync(path.join(folder, `${file}.ndjson`), 'utf8').split('\n');
    return { mode: printed.gradientMode, grad: JSON.parse(step).grad, reason: stderr.trim(), ms };
  } catch {
    return { mode: 'failed', grad: [], reason: stderr.trim(), ms };
  }
}

async function runLoss(folder, file) {
  const own = await gradient(folder, file, null);
  const differences = await gradient(folder, file, 'finite-difference');
  const scale = Math.max(1, ...differences.grad.map(Math.abs));
  const agrees =
    own.grad.length === differences.grad.length &&
    own.grad.every((each, i) => Math.abs(each - differences.grad[i]) <= agreement * scale);
  return { ...own, agrees };
}

function row(cells) {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function page(packages, compared, lossResults) {
  const exact = lossResults.filter(({ mode }) => mode === 'exact').length;
  const calls = compared.reduce((sum, each) => sum + each.calls, 0);
  return `${[
    '# Package bench',
    '',
    'Written by `npm run packages`. A loss may call any package, and its code is rewritten when a traced value reaches it.',
    'The bench compares what packages compute before and after rewriting, and shows which losses over packages have exact gradients.',
    '',
    '## Plain values',
    '',
    `${compared.length} packages, ${calls} calls of their functions with random plain arguments, original against rewritten, compared bit for`,
    'bit. A function that does not repeat its own result is left out.',
    '',
    'A function that draws random numbers or reads the clock may differ because the two copies do so at different times. The other',
    'differences have not been explained yet; the seed repeats such a call. *A call did not end*: random arguments made an',
    'endless loop, and the functions after it were not called.',
    '',
    row(['package', 'version', 'functions', 'calls', 'differences', 'remark']),
    row(['---', '---', '---:', '---:', '---', '---']),
    ...compared.map(({ name, functions, calls: own, differences, problem }) =>
      row([
        `\`${name}\``,
        packages[name],
        functions,
        own,
        differences.length === 0 ? 'none' : differences.join('; '),
        problem ?? '',
      ]),
    ),
    '',
    '## Losses',
    '',
    `${exact} of ${lossResults.length} losses are exact. *Agrees*: the gradient is that of finite differences of the unchanged program, within ${agreement}`,
    'of its largest component.',
    '',
    row(['loss', 'gradient', 'agrees', 'reason']),
    row(['---', '---', '---', '---']),
    ...lossResults.map(({ name, mode, agrees, reason }) =>
      row([
        `\`${name}\``,
        mode,
        agrees ? 'yes' : '**no**',
        mode === 'exact' ? '' : reason.replace(/^adamscope: (?:warning: )?[^ ]* /, '').split('\n')[0],
      ]),
    ),
  ].join('\n')}\n`;
}

await main(async () => {
  await prepare();
  const { installed } = createRequire(import.meta.url)(path.join(bench, 'installed.js'));
  const folder = await installPackages(installed);
  cpSync(losses, path.join(folder, 'losses'), { recursive: true });
  const wanted = process.argv.slice(2);
  const isWanted = (name) => wanted.length === 0 || wanted.some((part) => name.includes(part));
  const compared = [];
  for (const name of Object.keys(installed).filter(isWanted)) {
    const comparison = { name, ...(await compare(folder, name)) };
    compared.push(comparison);
    console.log(JSON.stringify(comparison));
  }
  const lossResults = [];
  for (const file of readdirSync(losses).filter(isWanted)) {
    const result = { name: path.basename(file, '.mjs'), ...(await runLoss(folder, file)) };
    lossResults.push(result);
    console.log(JSON.stringify(result));
  }
  if (wanted.length === 0)
    writeFileSync(path.join(root, 'docs', 'package-bench.md'), page(installed, compared, lossResults));
});
