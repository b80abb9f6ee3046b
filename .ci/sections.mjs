// The sections of `npm test`, in order. A section returns a Tally, and throws only if it cannot run at all.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './command.mjs';
import { packageExtension } from './package.mjs';
import { root } from './paths.mjs';
import { build } from './prepare.mjs';
import { noResults, oneCheck, tallySuite, tallyVitest } from './tally.mjs';
import { runSuite } from './vscode/suite.mjs';

const node = process.execPath;
/**
 * The output of the runners is shown indented and often read in a log, so it has no colours. With CI set,
 * vitest refuses `.only`, so that the result is the same everywhere.
 */
const { FORCE_COLOR: _, ...uncoloured } = process.env;
const withoutColour = { ...uncoloured, NO_COLOR: '1', CI: 'true' };

/**
 * The command of a dependency, started with this Node and without a shell, so that it is the same on every
 * system.
 */
function tool(packageName, command) {
  const folder = path.join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[command]);
}

async function checks(commands, limitMs) {
  const failures = [];
  const end = Date.now() + limitMs;
  for (const args of commands) {
    const result = await run(node, args, { cwd: root, limitMs: Math.max(1, end - Date.now()) });
    if (result.timedOut) failures.push(`${result.output}\nnot done within ${limitMs / 1000} s.`);
    else if (result.code !== 0) failures.push(result.output);
  }
  return oneCheck(failures.length === 0, failures.join('\n'));
}

async function vitest(project, limitMs, env = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'adamscope-vitest-'));
  const report = path.join(folder, 'report.json');
  try {
    const { code, output, timedOut } = await run(
      node,
      [
        tool('vitest', 'vitest'),
        'run',
        `--project=${project}`,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ],
      { cwd: root, limitMs, env: { ...withoutColour, ...env } },
    );
    if (timedOut) return noResults(`not done within ${limitMs / 1000} s.`, output);
    if (!existsSync(report)) return noResults('vitest ended without results.', output);
    return tallyVitest(JSON.parse(readFileSync(report, 'utf8')), code, output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function extensionSuite(limitMs) {
  const { results, output, problem } = await runSuite({
    development: root,
    tests: path.join(root, 'dist', 'test', 'extension', 'index.js'),
    samples: path.join(root, 'media', 'samples'),
    limitMs,
  });
  return results === undefined ? noResults(`${problem}.`, output) : tallySuite(results, output);
}

/** The package is kept for the end-to-end tests that install it. */
const vsix = path.join(root, 'test-results', 'adamscope.vsix');

async function packaging() {
  await packageExtension(vsix);
  return oneCheck(true, '');
}

const biome = () => tool('@biomejs/biome', 'biome');
const tsc = () => tool('typescript', 'tsc');

/**
 * @type {{ name: string, limitMs: number, needs?: string[], needsPython?: boolean, inVsCode?: boolean, run: (limitMs: number) => Promise<import('./tally.mjs').Tally> }[]}
 * A limit ends a section that does not return. A normal run needs only a fraction of it.
 */
export const sections = [
  {
    name: 'build',
    limitMs: 300_000,
    run: async (limitMs) => {
      const { ok, output } = await build(limitMs);
      return oneCheck(ok && output === '', output);
    },
  },
  {
    name: 'format',
    limitMs: 180_000,
    run: (limitMs) => checks([[biome(), 'format', '--error-on-warnings', '--colors=off', '.']], limitMs),
  },
  {
    name: 'lint',
    limitMs: 180_000,
    run: (limitMs) =>
      checks(
        [[biome(), 'check', '--formatter-enabled=false', '--error-on-warnings', '--colors=off', '.']],
        limitMs,
      ),
  },
  {
    name: 'types',
    limitMs: 300_000,
    run: (limitMs) => {
      const projects = ['src/core', '.', 'webview'];
      return checks(
        projects.map((project) => [tsc(), '-p', project, '--pretty', 'false']),
        limitMs,
      );
    },
  },
  { name: 'unit', limitMs: 900_000, run: (limitMs) => vitest('unit', limitMs) },
  {
    name: 'contract',
    limitMs: 2_100_000,
    needs: ['build'],
    needsPython: true,
    run: (limitMs) => vitest('contract', limitMs),
  },
  { name: 'package', limitMs: 300_000, needs: ['build'], run: packaging },
  { name: 'extension', limitMs: 600_000, needs: ['build'], inVsCode: true, run: extensionSuite },
  {
    name: 'e2e',
    limitMs: 2_400_000,
    needs: ['build'],
    inVsCode: true,
    run: (limitMs) => vitest('e2e', limitMs, existsSync(vsix) ? { ADAMSCOPE_VSIX: vsix } : {}),
  },
];
