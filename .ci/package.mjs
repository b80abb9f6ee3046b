// npm run package: creates adamscope.vsix and checks its content.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPackages } from '../thirdPartyLicenses.js';
import { run } from './command.mjs';
import { root } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { main, Problem } from './problem.mjs';
import { readZip } from './readZip.mjs';

/** Read by the production build; symbolic links are sufficient. */
const LINKED = ['src', 'webview', 'node_modules'];
/** The packaged files and those that control packaging. vsce accepts real files only. */
const COPIED = [
  'package.json',
  'tsconfig.json',
  'esbuild.js',
  'watPlugin.js',
  'commonJsChunks.js',
  'katexFonts.js',
  'thirdPartyLicenses.js',
  '.vscodeignore',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'media',
  'docs',
];

const LICENCES = 'dist/THIRD_PARTY_LICENSES.txt';

/**
 * A package without one of these files does not work or is incomplete. (vsce chooses the case of the names of
 * its text files.)
 */
const REQUIRED = [
  'package.json',
  'readme.md',
  'changelog.md',
  'LICENSE.txt',
  'dist/extension.js',
  'dist/jobProcess.js',
  'dist/worker.js',
  'dist/babel.js',
  'dist/cli.js',
  'dist/mcp.js',
  'dist/report.js',
  'dist/webview/dashboard.js',
  'dist/webview/typeset.js',
  'dist/webview/typeset.css',
  LICENCES,
  // What runs losses in Python.
  ...readdirSync(path.join(root, 'src/python'), { recursive: true })
    .filter((name) => /\.(py|toml)$/.test(name))
    .map((name) => `dist/python/${name.replaceAll(path.sep, '/')}`),
  // The dashboard's terms and the diagnosis pages link to them.
  'docs/glossary.md',
  'docs/verdicts.md',
  // Every diagnosis links to its page, which shows its chart.
  ...readdirSync(path.join(root, 'docs/diagnoses'))
    .filter((name) => /\.(md|svg)$/.test(name))
    .map((name) => `docs/diagnoses/${name}`),
];
/** The package must contain nothing else. */
const ALLOWED = [
  /^package(\.nls(\.\w+)?)?\.json$/,
  /^(readme|changelog)\.md$/,
  /^LICENSE\.txt$/,
  /^dist\/((chunks\/)?[\w.-]+\.js|THIRD_PARTY_LICENSES\.txt)$/,
  /^dist\/webview\/.+$/,
  /^dist\/python\/[\w/]+\.(py|toml)$/,
  /^media\/.+$/,
  /^docs\/(glossary|verdicts)\.md$/,
  /^docs\/diagnoses\/[\w-]+\.(md|svg)$/,
];

/** The problems of an extension package with these files, one sentence each. */
export function contentProblems(files) {
  const problems = REQUIRED.filter((name) => !files.includes(name)).map((name) => `${name} is missing.`);
  for (const name of files) {
    if (!ALLOWED.some((pattern) => pattern.test(name)) || name.endsWith('.map'))
      problems.push(`${name} does not belong there.`);
  }
  return problems;
}

/** The packages of a production build: the names and versions of those with code in a bundle. */
function bundledIn(stage) {
  // esbuild names files by their real path relative to the real path of the stage.
  const real = realpathSync(stage);
  return JSON.parse(readFileSync(path.join(stage, 'dist', 'metafiles.json'), 'utf8'))
    .flatMap(bundledPackages)
    .map((folder) => JSON.parse(readFileSync(path.join(real, folder, 'package.json'), 'utf8')));
}

/**
 * The packages whose licence a text does not contain, one sentence each.
 *
 * @param packages  name and version of each
 */
export function licenceProblems(text, packages) {
  // The text between two headings is the licence of a package. The build wrote the headings.
  const parts = text.split(/^=+\n(\S+ \S+) \(.*\)\n=+$/m);
  const licences = new Map();
  for (let i = 1; i < parts.length; i += 2) licences.set(parts[i], parts[i + 1].trim());
  return packages
    .map(({ name, version }) => `${name} ${version}`)
    .filter((title) => !/permi(t|ssion)|licen[sc]e/i.test(licences.get(title) ?? ''))
    .map((title) => `the licence of ${title} is missing.`);
}

/**
 * Builds and packages in a temporary folder outside the checkout, because the production build empties dist/,
 * which a watching build or a running test may be using.
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
    const { names, texts } = await readZip(file, [`extension/${LICENCES}`]);
    const files = names
      .filter((name) => name.startsWith('extension/'))
      .map((name) => name.slice('extension/'.length));
    const problems = [
      ...contentProblems(files),
      ...licenceProblems(texts.get(`extension/${LICENCES}`) ?? '', bundledIn(stage)),
    ];
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
