import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { licenceProblems } from '../../../.ci/package.mjs';
import { bundledPackages, thirdPartyLicenses } from '../../../thirdPartyLicenses.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'adamscope-licences-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function addPackage(folder: string, name: string, files: Record<string, string>): void {
  const at = path.join(root, folder);
  mkdirSync(at, { recursive: true });
  writeFileSync(path.join(at, 'package.json'), JSON.stringify({ name, version: '1.2.3', license: 'MIT' }));
  writeFileSync(path.join(at, 'index.js'), `export const name = '${name}';\nexport const unused = 1;\n`);
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(at, file), text);
}

async function metafileOf(source: string) {
  writeFileSync(path.join(root, 'main.js'), source);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['main.js'],
    bundle: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
    outdir: 'out',
  });
  return metafile;
}

describe('the licences of bundled packages', () => {
  test('contain every package with code in a bundle, in full', async () => {
    addPackage('node_modules/plain', 'plain', { LICENSE: 'MIT License\nCopyright (c) A' });
    addPackage('node_modules/@scope/british', '@scope/british', {
      'LICENCE.md': 'Permission is granted. Copyright (c) B',
      NOTICE: 'This product includes C.',
    });
    addPackage('node_modules/plain/node_modules/inner', 'inner', { 'COPYING.txt': 'Inner licence' });
    const metafile = await metafileOf(
      "import { name } from 'plain'; import { name as b } from '@scope/british';\n" +
        "import { name as c } from './node_modules/plain/node_modules/inner/index.js'; console.log(name, b, c);",
    );
    expect(bundledPackages(metafile)).toEqual([
      'node_modules/@scope/british',
      'node_modules/plain',
      'node_modules/plain/node_modules/inner',
    ]);
    const text = thirdPartyLicenses([metafile], root);
    for (const part of [
      'plain 1.2.3 (MIT)',
      'MIT License\nCopyright (c) A',
      '@scope/british 1.2.3 (MIT)',
      'Copyright (c) B',
      'This product includes C.',
      'Inner licence',
    ])
      expect(text).toContain(part);
    const packages = ['plain', '@scope/british', 'inner'].map((name) => ({ name, version: '1.2.3' }));
    expect(licenceProblems(text, packages)).toEqual([]);
  });

  test('omit a package of which no code is bundled', async () => {
    addPackage('node_modules/used', 'used', { LICENSE: 'MIT License' });
    addPackage('node_modules/shaken', 'shaken', { LICENSE: 'MIT License' });
    writeFileSync(
      path.join(root, 'node_modules/shaken/package.json'),
      JSON.stringify({ name: 'shaken', version: '1.2.3', sideEffects: false }),
    );
    const metafile = await metafileOf("import { name } from 'used'; import 'shaken'; console.log(name);");
    expect(bundledPackages(metafile)).toEqual(['node_modules/used']);
  });

  test('stop the build if a package has none', async () => {
    addPackage('node_modules/bare', 'bare', { 'README.md': 'MIT' });
    const metafile = await metafileOf("import { name } from 'bare'; console.log(name);");
    expect(() => thirdPartyLicenses([metafile], root)).toThrow('bare is bundled, but ships no licence text');
  });
});

test('report the package whose licence is missing or empty', () => {
  const line = '='.repeat(80);
  const text = `Adamscope\n\n${line}\na 1.0.0 (MIT)\n${line}\n\n\n${line}\nb 1.0.0 (MIT)\n${line}\n\nPermission\n`;
  const packages = ['a', 'b', 'c'].map((name) => ({ name, version: '1.0.0' }));
  expect(licenceProblems(text, packages)).toEqual([
    'the licence of a 1.0.0 is missing.',
    'the licence of c 1.0.0 is missing.',
  ]);
});
