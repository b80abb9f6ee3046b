// npm run package: makes adamscope.vsix and looks into it.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.mjs';
import { root } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { main, Problem } from './problem.mjs';
import { zipEntries } from './zipEntries.mjs';

/** What the production build reads: only linked. */
const LINKED = ['src', 'webview', 'node_modules'];
/** What is packaged, or tells how; vsce takes real files only. */
const COPIED = [
  'package.json',
  'tsconfig.json',
  'esbuild.js',
  'watPlugin.js',
  '.vscodeignore',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'media',
  'docs',
];

/** A package without one of these does not work or says too little. (vsce chooses the case of its texts' names.) */
const REQUIRED = [
  'package.json',
  'readme.md',
  'changelog.md',
  'LICENSE.txt',
  'dist/extension.js',
  'dist/worker.js',
  'dist/cli.js',
  'dist/webview/dashboard.js',
  // The dashboard's terms and the pages link to it.
  'docs/glossary.md',
  // Every diagnosis links to its page, and the page shows its chart.
  ...readdirSync(path.join(root, 'docs/diagnoses'))
    .filter((name) => /\.(md|svg)$/.test(name))
    .map((name) => `docs/diagnoses/${name}`),
];
/** Nothing else belongs into it. */
const ALLOWED = [
  /^package(\.nls(\.\w+)?)?\.json$/,
  /^(readme|changelog)\.md$/,
  /^LICENSE\.txt$/,
  /^dist\/[\w.-]+\.js$/,
  /^dist\/webview\/.+$/,
  /^media\/.+$/,
  /^docs\/glossary\.md$/,
  /^docs\/diagnoses\/[\w-]+\.(md|svg)$/,
];

/** What is wrong with a package of an extension that holds these files: one sentence each. */
export function contentProblems(files) {
  const problems = REQUIRED.filter((name) => !files.includes(name)).map((name) => `${name} is missing.`);
  for (const name of files) {
    if (!ALLOWED.some((pattern) => pattern.test(name)) || name.endsWith('.map'))
      problems.push(`${name} does not belong there.`);
  }
  return problems;
}

/**
 * Builds and packages beside the checkout, in a temporary folder: the production build empties dist/, which a watching
 * build or a running test may be using.
 */
export async function packageExtension(file) {
  const stage = mkdtempSync(path.join(tmpdir(), 'adamscope-package-'));
  try {
    for (const name of LINKED) symlinkSync(path.join(root, name), path.join(stage, name), 'junction');
    for (const name of COPIED) {
      const source = path.join(root, name);
      if (existsSync(source)) cpSync(source, path.join(stage, name), { recursive: true });
    }
    mkdirSync(path.dirname(file), { recursive: true });
    const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
    // vsce calls the script vscode:prepublish, the production build.
    const { code, output } = await run(
      process.execPath,
      [vsce, 'package', '--no-dependencies', '--out', file],
      { cwd: stage, limitMs: 100_000 },
    );
    if (code !== 0) throw new Problem(`the extension could not be packaged:\n${output.trimEnd()}`);
    const files = zipEntries(file)
      .filter((name) => name.startsWith('extension/'))
      .map((name) => name.slice('extension/'.length));
    const problems = contentProblems(files);
    if (problems.length > 0) throw new Problem(`the package is not right: ${problems.join(' ')}`);
    return files;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await prepare();
    const files = await packageExtension(path.join(root, 'adamscope.vsix'));
    console.log(`adamscope.vsix holds ${files.length} files.`);
  });
}
