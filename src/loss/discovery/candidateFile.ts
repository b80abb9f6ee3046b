const sourceExtension = /\.(?:[cm]?[jt]s|[jt]sx|py|ipynb)$/i;
const declarationFile = /\.d\.(?:[\w-]+\.)?[cm]?ts$/i;
const minified = /[.-]min\.[cm]?js$/i;

/**
 * Folders that usually contain installed packages or generated files. `lib`, `bin` and `public` are not in
 * this list, because projects keep sources there.
 */
const foreignFolders = new Set([
  'node_modules',
  'bower_components',
  'jspm_packages',
  'dist',
  'build',
  'out',
  'output',
  'coverage',
  '.git',
  '.next',
  '.nuxt',
  '.svelte-kit',
  '.turbo',
  '.cache',
  '.yarn',
  '.vscode-test',
  '.venv',
  'venv',
  'site-packages',
  'dist-packages',
  '__pycache__',
  '__pypackages__',
  '.eggs',
  '.tox',
  '.nox',
  '.pixi',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.ipynb_checkpoints',
]);

/** Whether folders with this name are not searched. */
export function isForeignFolder(name: string): boolean {
  return foreignFolders.has(name);
}

/**
 * Whether the file is searched for losses: TypeScript, JavaScript, Python or a notebook that is not installed,
 * generated or minified.
 *
 * @param path  relative to the workspace folder, so that a workspace inside a folder named `build` is still
 *   searched
 */
export function isCandidateFile(path: string): boolean {
  if (!sourceExtension.test(path) || declarationFile.test(path) || minified.test(path)) return false;
  const folders = path.split(/[\\/]/).slice(0, -1);
  return !folders.some(isForeignFolder);
}

/** The last component of a POSIX or Windows path. */
export function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
