// npm run packages [-- <part of a name>...]: compares the functions of public packages with their rewritten copies, runs the
// losses over packages, and writes docs/package-bench.md, if no names are given.
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { installPackages } from './installPackages.mjs';
import { root } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { main } from './problem.mjs';

const bench = path.join(root, 'dist', 'test', 'bench', 'packages');
const losses = path.join(root, 'test', 'bench', 'packages', 'losses');
const cli = path.join(root, 'dist', 'cli.js');
/** For one package, or one loss. */
const limitMs = 600_000;
/** How often a package is compared anew without the functions that do not end. */
const mostAttempts = 4;
const shownDifferences = 5;
/** Two runs of a difference quotient with rounding errors of 1e-16 and steps of about 1e-5 agree to this. */
const agreement = 1e-6;

function node(args, cwd) {
  return new Promise((resolve) => {
    const env = { ...process.env, ADAMSCOPE_CACHE_DIR: '' };
    const options = { cwd, env, timeout: limitMs, maxBuffer: 2 ** 28, killSignal: 'SIGKILL' };
    execFile(process.execPath, args, options, (error, stdout, stderr) => resolve({ error, stdout, stderr }));
  });
}

const nothing = { functions: 0, calls: 0, completed: 0, numeric: 0, unended: [], differences: [] };

async function compareOnce(folder, name, skipped) {
  const script = path.join(bench, 'compareBits.js');
  const { stdout } = await node(['--stack-size=8000', script, folder, name, ...skipped], folder);
  const lines = stdout.trimEnd().split('\n');
  const last = lines.at(-1);
  return last.startsWith('{')
    ? { ended: true, result: { ...nothing, ...JSON.parse(last) } }
    : { ended: false, result: { ...nothing, problem: 'it could not be loaded' }, current: last };
}

/**
 * A call that is stopped because it does not end may have changed one of the copies, so the differences after
 * it mean nothing. The comparison is then repeated without these functions.
 */
async function compare(folder, name) {
  const skipped = new Set();
  for (let attempt = 1; ; attempt++) {
    const { ended, result, current } = await compareOnce(folder, name, skipped);
    const all = [...new Set([...skipped, ...result.unended])];
    const isFinal = ended
      ? result.differences.length === 0 || result.unended.length === 0
      : current === '' || skipped.has(current);
    if (isFinal || attempt === mostAttempts) return { ...result, unended: all };
    for (const each of ended ? result.unended : [current]) skipped.add(each);
  }
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

function remark({ problem, unended, isCutShort }) {
  const names =
    unended.slice(0, 3).join(', ') + (unended.length > 3 ? ` and ${unended.length - 3} more` : '');
  return [
    problem,
    unended.length > 0 ? `did not end: ${names}` : null,
    isCutShort ? 'stopped after 25 s of processor time' : null,
  ]
    .filter((part) => part)
    .join('; ');
}

function page(packages, compared, lossResults) {
  const exact = lossResults.filter(({ mode }) => mode === 'exact').length;
  const [calls, completed, numeric] = ['calls', 'completed', 'numeric'].map((key) =>
    compared.reduce((sum, each) => sum + each[key], 0),
  );
  return `${[
    '# Package bench',
    '',
    'Written by `npm run packages`. A loss may call any package, and its code is rewritten when a traced value reaches it.',
    'The bench compares what packages compute before and after rewriting, and shows which losses over packages have exact gradients.',
    '',
    '## Plain values',
    '',
    `${compared.length} packages, ${calls} calls of their functions with random plain arguments, original against rewritten, compared bit for`,
    `bit. ${completed} calls completed, ${numeric} of them with numbers.`,
    '',
    'Both copies get the same calls in the same order, the same random numbers, and a stopped clock. The functions are those that',
    'a package exports, static members, and the methods of the objects that calls returned. Arguments with which a function threw',
    'no error are used more often. *Completed*: the call threw no error. *Numeric*: it returned a finite number, or a list or object',
    'with one. Results, arguments and receivers are compared after each call. Not compared: the source text of a function (`toString`)',
    'and the texts of errors, which rewriting changes, and what a promise resolves to.',
    '',
    row(['package', 'version', 'functions', 'calls', 'completed', 'numeric', 'differences', 'remark']),
    row(['---', '---', '---:', '---:', '---:', '---:', '---', '---']),
    ...compared.map((each) =>
      row([
        `\`${each.name}\``,
        packages[each.name],
        each.functions,
        each.calls,
        each.completed,
        each.numeric,
        each.differences.length === 0 ? 'none' : each.differences.slice(0, shownDifferences).join('; '),
        remark(each),
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
