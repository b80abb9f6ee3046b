// Measures the processor time of a whole run of one step, over a package: without an earlier run (cold), with one (warm), and with
// finite differences, for which the package is not rewritten. Processor time, because other work on the machine changes it less.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { installPackages } from '../../.ci/installPackages.mjs';
import { root } from '../../.ci/paths.mjs';

const { installed } = createRequire(import.meta.url)(
  path.join(root, 'dist/test/bench/packages/installed.js'),
);
const { median, report } = createRequire(import.meta.url)(path.join(root, 'dist/test/bench/report.js'));
const cli = path.join(root, 'dist', 'cli.js');
const rounds = 3;

/** The losses, and the longest time that a cold run of one may take, in seconds. */
const losses = {
  simpleStatistics: null,
  mlMatrixInverse: null,
  d3Scale: null,
  threeVectors: 3,
  mathjsExpressions: 3,
};

/** The processor time of a run and of its job process, in seconds. */
function seconds(folder, loss, mode, cache) {
  const run = `"${process.execPath}" "${cli}" run losses/${loss}.mjs#loss --steps 1 --no-verify --set gradientMode=${mode}`;
  const env = { ...process.env, ADAMSCOPE_CACHE_DIR: cache };
  // `times` prints two lines: the user and system time of the shell, and of its children.
  const printed = execFileSync('sh', ['-c', `${run} >&2 && times`], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [, children] = printed.toString().trim().split('\n');
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + 60 * m + Number(s), 0);
}

// stdout is reserved for results.
const print = console.log;
console.log = console.error;
const folder = await installPackages(installed);
console.log = print;
cpSync(path.join(root, 'test/bench/packages/losses'), path.join(folder, 'losses'), { recursive: true });
for (const [loss, longest] of Object.entries(losses)) {
  const times = { cold: [], warm: [], differences: [] };
  for (let round = 0; round < rounds; round++) {
    const cache = mkdtempSync(path.join(os.tmpdir(), 'adamscope-bench-cache-'));
    times.differences.push(seconds(folder, loss, 'finite-difference', ''));
    times.cold.push(seconds(folder, loss, 'exact', cache));
    times.warm.push(seconds(folder, loss, 'exact', cache));
    rmSync(cache, { recursive: true });
  }
  const differences = median(times.differences);
  report(`${loss}: one step, differences`, differences, 's');
  report(
    `${loss}: one step, cold`,
    median(times.cold),
    's',
    longest === null ? undefined : { atMost: longest },
  );
  report(`${loss}: one step, warm, over differences`, median(times.warm) / differences, 'x', { atMost: 1.5 });
}
