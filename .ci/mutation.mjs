// npm run mutation [-- <file or folder>...]: makes every small change to the optimizers and schedules, one at
// a time, and checks whether a test of the core fails. docs/mutation.md lists the accepted exceptions, with
// reasons.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { compare, itemOf, listedIn, resultsOf } from './mutation/survivors.mjs';
import { root } from './paths.mjs';
import { prepareDependencies } from './prepare.mjs';
import { main, Problem } from './problem.mjs';

const reportFile = path.join(root, 'reports', 'mutation', 'mutation.json');
const list = 'docs/mutation.md';

/** The pattern for a file or folder, in the form that the mutator accepts. */
function patternOf(name) {
  const file = path.resolve(name);
  const relative = path.relative(root, file).split(path.sep).join('/');
  if (!existsSync(file)) throw new Problem(`there is no ${name}.`);
  return statSync(file).isDirectory() ? `${relative}/**/*.ts` : relative;
}

function mutate(patterns) {
  const args = [
    path.join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js'),
    'run',
    '.ci/mutation/stryker.config.mjs',
    ...(patterns.length > 0 ? ['--mutate', patterns.join(',')] : []),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', resolve);
  });
}

function print(title, mutants) {
  if (mutants.length === 0) return;
  console.log(`\n${title}`);
  for (const mutant of mutants) {
    const { file, line } = mutant;
    console.log(`${line === undefined ? file : `${file}:${line}`}\n  ${itemOf(mutant)}`);
  }
}

await main(async () => {
  const patterns = process.argv.slice(2).map(patternOf);
  await prepareDependencies();
  rmSync(reportFile, { force: true });
  const code = await mutate(patterns);
  if (code !== 0 || !existsSync(reportFile)) throw new Problem('the mutation run did not come to its end.');
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  const results = resultsOf(report);
  const { survivors, slow, noticed } = results;
  const listed = listedIn(readFileSync(path.join(root, list), 'utf8')).filter(
    ({ file }) => patterns.length === 0 || Object.hasOwn(report.files, file),
  );
  const { unlisted, stale } = compare(results, listed);
  print(`Unnoticed, and not in ${list}:`, unlisted);
  print(`In ${list}, but noticed or gone:`, stale);
  const all = noticed + survivors.length;
  console.log(
    `\n${all} mutants, ${noticed} noticed (${((100 * noticed) / all).toFixed(1)} %), ${slow.length} of them by taking ` +
      `too long; ${survivors.length} not noticed, ${survivors.length - unlisted.length} of them listed.`,
  );
  if (unlisted.length + stale.length > 0)
    throw new Problem(
      `${list} is not what the run found: ${unlisted.length} to add, ${stale.length} to strike.`,
    );
});
