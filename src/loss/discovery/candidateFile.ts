const sourceExtension = /\.(?:[cm]?[jt]s|[jt]sx)$/i;
const declarationFile = /\.d\.(?:[\w-]+\.)?[cm]?ts$/i;
const minified = /[.-]min\.[cm]?js$/i;

/**
 * Folders whose files somebody else wrote or a tool made. `lib`, `bin` and `public` are left in: projects keep
 * sources there.
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
]);

/** Whether nothing below a folder of that name is looked at. */
export function isForeignFolder(name: string): boolean {
  return foreignFolders.has(name);
}

/**
 * Whether losses are looked for in the file: TypeScript or JavaScript that the user wrote. Takes a path relative to
 * the workspace folder, so that a checkout which itself lies in a folder named `build` is still searched.
 */
export function isCandidateFile(path: string): boolean {
  if (!sourceExtension.test(path) || declarationFile.test(path) || minified.test(path)) return false;
  const folders = path.split(/[\\/]/).slice(0, -1);
  return !folders.some(isForeignFolder);
}

/** The last part of a path, which may be one of Windows. */
export function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
