/**
 * How the bundles treat the fonts of KaTeX: every browser of a VS Code that is supported reads woff2, so the other formats of its
 * style sheet are left out.
 * @type {Pick<import('esbuild').BuildOptions, 'loader' | 'assetNames' | 'external'>}
 */
exports.katexFonts = {
  loader: { '.woff2': 'file' },
  assetNames: 'fonts/[name]',
  external: ['*.woff', '*.ttf'],
};
