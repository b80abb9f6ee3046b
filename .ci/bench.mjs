// npm run bench [-- <part of a name>...]: runs every bench and prints its results, one JSON object a line:
// { name, value, unit, goal, met }. Everything else goes to stderr.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { main, Problem } from './problem.mjs';

function isResult(line) {
  try {
    const value = JSON.parse(line);
    return value !== null && typeof value === 'object' && 'name' in value && 'met' in value;
  } catch {
    return false;
  }
}

function filesIn(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => path.join(folder, name));
}

/** Only one bench runs at a time, in a separate process, so that nothing disturbs the measurement. */
async function runBench(file) {
  const child = spawn(process.execPath, [file], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => {
    child.on('close', resolve);
    child.on('error', () => resolve(1));
  });
  let results = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (isResult(line)) {
      console.log(line);
      results++;
    } else console.error(line);
  }
  const code = await ended;
  const name = path.basename(file);
  if (code !== 0) throw new Problem(`${name} ended with code ${code}.`);
  if (results === 0) throw new Problem(`${name} printed no result.`);
}

await main(async () => {
  // stdout is reserved for results.
  console.log = console.error;
  await prepare();
  console.log = (line) => process.stdout.write(`${line}\n`);
  const wanted = process.argv.slice(2);
  const files = [
    ...filesIn(path.join(root, 'dist', 'test', 'bench'), '.bench.js'),
    ...filesIn(path.join(root, 'test', 'bench'), '.bench.mjs'),
  ].filter((file) => wanted.length === 0 || wanted.some((part) => path.basename(file).includes(part)));
  if (files.length === 0) throw new Problem('no bench was found.');
  for (const file of files) await runBench(file);
});
