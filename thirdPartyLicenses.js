// The licences of the packages that a build has put into the bundles: they ask to be passed on with every copy.
const fs = require('node:fs');
const path = require('node:path');

const LICENCE_FILE = /^(licen[sc]e(-[a-z]+)?|copying|notices?|copyrightnotice)(\.(md|txt))?$/i;

const MIT_OF_FAST = `MIT License

Copyright (c) Microsoft Corporation. All rights reserved.

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

/** Packages that state their licence but do not ship its text: the text of their repository. */
const TEXT_OF = {
  '@microsoft/fast-element': MIT_OF_FAST,
  '@microsoft/fast-foundation': MIT_OF_FAST,
  '@microsoft/fast-web-utilities': MIT_OF_FAST,
};

/**
 * @param {import('esbuild').Metafile} metafile
 * @returns {string[]} the folders of the packages with code in an output of the build, `node_modules/<name>`, sorted
 */
function bundledPackages(metafile) {
  const folders = new Set();
  for (const output of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
      // The last of them: a package may have dependencies of its own within it.
      const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? [];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  return [...folders].sort();
}

function licenceText(folder, name) {
  const texts = fs
    .readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => fs.readFileSync(path.join(folder, file), 'utf8').trim());
  if (texts.length === 0 && TEXT_OF[name] !== undefined) texts.push(TEXT_OF[name]);
  if (texts.length === 0) {
    throw new Error(
      `${name} is bundled, but ships no licence text: add the text of its repository to thirdPartyLicenses.js.`,
    );
  }
  return texts.join('\n\n');
}

/**
 * The text of THIRD_PARTY_LICENSES.txt: every package that is bundled, with its version and the whole of its licence.
 *
 * @param {import('esbuild').Metafile[]} metafiles  their paths are relative to `root`
 * @param {string} root
 * @throws if a package ships no licence and none is known
 */
function thirdPartyLicenses(metafiles, root) {
  const folders = new Set(metafiles.flatMap(bundledPackages));
  const parts = [...folders].sort().map((folder) => {
    const at = path.join(root, folder);
    const { name, version, license } = JSON.parse(fs.readFileSync(path.join(at, 'package.json'), 'utf8'));
    const line = '='.repeat(80);
    return `${line}\n${name} ${version} (${license})\n${line}\n\n${licenceText(at, name)}\n`;
  });
  return `Adamscope contains code of the following packages.\n\n${parts.join('\n')}`;
}

module.exports = { bundledPackages, thirdPartyLicenses };
