// import bytes from './file.wat' gives the assembled WebAssembly module as a Uint8Array: for esbuild and for vite.
const fs = require('node:fs');

let assembler;

/** Without names and other debug sections. Throws with line and column if the text is not valid. */
async function assemble(file) {
  // Not required at the top: vite bundles its configuration, where requiring a package does not work.
  assembler ??= import('wabt').then((wabt) => wabt.default());
  const { parseWat } = await assembler;
  const module = parseWat(file, fs.readFileSync(file, 'utf8'), { simd: true });
  try {
    module.resolveNames();
    module.validate();
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

/** @type {import('esbuild').Plugin} */
const watForEsbuild = {
  name: 'wat',
  setup(build) {
    build.onLoad({ filter: /\.wat$/ }, async ({ path }) => ({
      contents: await assemble(path),
      loader: 'binary',
      watchFiles: [path],
    }));
  },
};

/** @type {import('vite').Plugin} */
const watForVite = {
  name: 'wat',
  async load(id) {
    if (!id.endsWith('.wat')) return undefined;
    return `export default new Uint8Array([${await assemble(id)}]);`;
  },
};

module.exports = { watForEsbuild, watForVite };
