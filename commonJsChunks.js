// VS Code requires the extension, and esbuild splits ES modules only: the outputs of a split build are written as CommonJS.
const fs = require('node:fs');
const path = require('node:path');
const esbuild = require('esbuild');

/**
 * For a build with `splitting` and without `write`. Files of the folder of the chunks that the build no longer makes are removed.
 *
 * @param {string} chunkFolder  the folder of the chunks only
 * @returns {import('esbuild').Plugin}
 */
const commonJsChunks = (chunkFolder) => ({
  name: 'common-js-chunks',
  setup(build) {
    const { minify = false, sourcemap = false, target, platform } = build.initialOptions;
    const options = { minifyWhitespace: minify, sourcemap: sourcemap && 'external', target, platform };
    build.onEnd(async ({ outputFiles = [] }) => {
      fs.mkdirSync(chunkFolder, { recursive: true });
      const written = await Promise.all(outputFiles.map((file) => write(file, options)));
      const names = new Set(written.flat());
      for (const name of fs.readdirSync(chunkFolder))
        if (!names.has(path.resolve(chunkFolder, name))) fs.rmSync(path.join(chunkFolder, name));
    });
  },
});

/** @returns {Promise<string[]>} the files that were written */
async function write({ path: file, text }, options) {
  const name = path.basename(file);
  // The source map of the ES module is in its text, where esbuild finds it.
  const { code, map } = await esbuild.transform(text, {
    ...options,
    sourcefile: name,
    format: 'cjs',
    // A chunk is required when it is first needed, as the other files of an extension are.
    supported: { 'dynamic-import': false },
    logLevel: 'silent',
  });
  if (!options.sourcemap) {
    fs.writeFileSync(file, code);
    return [file];
  }
  fs.writeFileSync(file, `${code}//# sourceMappingURL=${name}.map\n`);
  fs.writeFileSync(`${file}.map`, map);
  return [file, `${file}.map`];
}

module.exports = { commonJsChunks };
