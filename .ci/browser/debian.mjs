// Debian's Chromium, installed by apt-get if that needs no interaction.
import path from 'node:path';
import { run } from '../command.mjs';
import { withLock } from '../lock.mjs';
import { cacheFolder } from '../paths.mjs';
import { isExecutable, onPath, starts, systemPath } from './executable.mjs';

const INSTALL_LIMIT_MS = 8 * 60_000;
/** The path at which the package installs Chromium, which may not be on the PATH. */
const executablePath = '/usr/bin/chromium';
const env = { PATH: systemPath };

/** How to call apt-get with the required rights; undefined if that would need a password. */
async function aptGet() {
  const [apt] = onPath(['apt-get']);
  if (apt === undefined) return undefined;
  if (process.getuid?.() === 0) return [apt];
  const [sudo] = onPath(['sudo']);
  if (sudo === undefined) return undefined;
  const { code } = await run(sudo, ['-n', 'true'], { limitMs: 30_000 });
  return code === 0 ? [sudo, '-n', apt] : undefined;
}

async function works() {
  return isExecutable(executablePath) && (await starts(executablePath, env));
}

async function install([command, ...args]) {
  console.log('Installing chromium (apt-get) ...');
  const apt = (...more) =>
    run(command, [...args, '-qq', '-o', 'DPkg::Lock::Timeout=120', ...more], {
      env: { ...process.env, ...env, DEBIAN_FRONTEND: 'noninteractive' },
      limitMs: INSTALL_LIMIT_MS,
    });
  // This fails if one of several sources is unreachable. Whether the package is available is checked next.
  await apt('update');
  const { code, output } = await apt('install', '-y', '--no-install-recommends', 'chromium');
  if (code !== 0) console.log(output.trimEnd());
}

export async function debianBrowser() {
  const apt = await aptGet();
  if (apt === undefined) return undefined;
  await withLock(
    path.join(cacheFolder(), 'apt-get.lock'),
    () => console.log('Waiting for another process that installs chromium ...'),
    async () => {
      if (!(await works())) await install(apt);
    },
  );
  return (await works()) ? { executablePath, env } : undefined;
}
