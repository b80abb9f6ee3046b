// Builds every bundle: host, job process, worker thread, webview, command line, HTML reports, and the suite that runs inside VS Code.
// node esbuild.js [--production] [--watch]
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');
const { thirdPartyLicenses } = require('./thirdPartyLicenses.js');
const { katexFonts } = require('./katexFonts.js');
const { commonJsChunks } = require('./commonJsChunks.js');
const { watForEsbuild } = require('./watPlugin.js');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  // Of each package the whole licence is passed on, in a file of its own.
  legalComments: 'none',
  metafile: production,
};

/** Few losses need Babel, few commands the protocol of `adamscope mcp`, and loading them takes time, so each is a bundle of its own. */
const apart = ['babel', 'mcp'];

/** @type {import('esbuild').Plugin} */
const loadedApart = {
  name: 'loaded-apart',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^\\./(${apart.join('|')})$`) }, ({ path: name }) => ({
      path: `${name}.js`,
      external: true,
    }));
  },
};

/** @type {import('esbuild').BuildOptions} */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  plugins: [watForEsbuild, loadedApart],
  // Its main entry asks for its parts through a parameter named `require`, which no bundler follows.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  // Babel asks for it only to read configuration files, which is switched off.
  external: ['@babel/preset-typescript/package.json'],
};

function filesUnder(folder, ending) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true })
    .map((file) => path.join(folder, String(file)))
    .filter((file) => file.endsWith(ending));
}

/** Split at each `import()`: an activation reads and compiles only what it needs. @type {import('esbuild').BuildOptions} */
const extension = {
  ...node,
  entryPoints: ['src/extension.ts'],
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  splitting: true,
  format: 'esm',
  write: false,
  sourcemap: production ? false : 'inline',
  external: [...node.external, 'vscode'],
};

const bundles = [
  { ...extension, plugins: [...extension.plugins, commonJsChunks('dist/chunks')] },
  { ...node, entryPoints: ['src/process/main.ts'], outfile: 'dist/jobProcess.js' },
  { ...node, entryPoints: ['src/worker/main.ts'], outfile: 'dist/worker.js' },
  {
    ...node,
    entryPoints: ['src/loss/providers/javascript/load/lowering/babel.ts'],
    outfile: 'dist/babel.js',
  },
  { ...node, entryPoints: ['src/cli/mcp/mcp.ts'], outfile: 'dist/mcp.js' },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    entryPoints: { dashboard: 'webview/main.tsx' },
    outdir: 'dist/webview',
    // Every dashboard contains its text.
    minify: true,
    sourcemap: production ? false : 'external',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  },
  {
    // Loaded when the first formula is shown. The fonts stay files, because a page that shows no formula must not load them.
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    entryPoints: { typeset: 'webview/typeset/main.ts' },
    outdir: 'dist/webview',
    ...katexFonts,
  },
  {
    // Copied into every page of `adamscope report`, so it is small and has no source map.
    ...common,
    minify: true,
    sourcemap: false,
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    entryPoints: ['webview/htmlReport/main.ts'],
    outfile: 'dist/report.js',
  },
  ...(production
    ? []
    : [
        {
          ...node,
          entryPoints: filesUnder('test/extension', '.ts'),
          outdir: 'dist/test/extension',
          external: [...node.external, 'vscode', 'mocha'],
        },
        {
          ...node,
          entryPoints: filesUnder('test/bench', '.ts'),
          outdir: 'dist/test/bench',
          external: [...node.external, 'vscode'],
        },
      ]),
].filter((bundle) => Object.values(bundle.entryPoints).length > 0);

/** Tells the editor's problem matcher when a build begins and ends. @type {import('esbuild').Plugin} */
const announce = {
  name: 'announce',
  setup(build) {
    build.onStart(() => console.log('building'));
    build.onEnd(() => console.log('watching'));
  },
};

/** The metafiles stay beside the bundles: what makes the package checks the licences against them. */
function writeLicenses(metafiles) {
  fs.writeFileSync('dist/metafiles.json', JSON.stringify(metafiles));
  fs.writeFileSync('dist/THIRD_PARTY_LICENSES.txt', thirdPartyLicenses(metafiles, __dirname));
}

/** The part of the product that Python runs, as it is. */
function copyPython() {
  fs.cpSync('src/python', 'dist/python', {
    recursive: true,
    filter: (file) => path.basename(file) !== '__pycache__',
  });
}

async function build() {
  if (production) fs.rmSync('dist', { recursive: true, force: true });
  copyPython();
  if (!watch) {
    const results = await Promise.all(bundles.map((bundle) => esbuild.build(bundle)));
    if (production) writeLicenses(results.map(({ metafile }) => metafile));
    return;
  }
  for (const bundle of bundles) {
    const plugins = [...(bundle.plugins ?? []), announce];
    await (await esbuild.context({ ...bundle, plugins })).watch();
  }
}

if (require.main === module) build().catch(() => process.exit(1));

module.exports = { extension };
