// npm test [-- <section>...]: prepares the checkout, runs every section (or those named), and ends with one line,
// `N passed, N failed`, over all of them.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { provideBrowser } from './browser/provide.mjs';
import { root } from './paths.mjs';
import { prepareDependencies } from './prepare.mjs';
import { Problem } from './problem.mjs';
import { fullPython } from './pythonEnvironments.mjs';
import { installServedVsCode } from './vscode/install.mjs';

/**
 * The limit after the preparation. Sections that do not fit count as failed, so that the last line is always
 * printed.
 */
const WHOLE_LIMIT_MS = 60 * 60_000;

function indent(text) {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

function describe(error) {
  return error instanceof Problem ? error.message : (error?.stack ?? String(error));
}

/**
 * Downloads VS Code, before the time limit of the sections begins.
 *
 * @returns why the sections that need a real VS Code cannot run; undefined if they can
 */
async function prepareVsCode() {
  try {
    await provideBrowser();
    await installServedVsCode();
    return undefined;
  } catch (error) {
    return describe(error);
  }
}

function print(name, { passed, failed, details }, milliseconds) {
  if (failed > 0 && details !== '') console.log(indent(details));
  console.log(`${name}: ${passed} passed, ${failed} failed (${(milliseconds / 1000).toFixed(1)} s)`);
}

/**
 * Installs the largest environment of the tests during the sections before them. A test that needs it earlier waits for it. If this
 * fails, the tests try again and report why.
 */
function installPythonBeside(chosen) {
  if (chosen.some((section) => section.needsPython)) fullPython().catch(() => {});
}

async function runSection(section, end, failedSections) {
  const missing = section.needs?.find((name) => failedSections.has(name));
  if (missing !== undefined) return { passed: 0, failed: 1, details: `not run, because ${missing} failed.` };
  const limitMs = Math.min(section.limitMs, end - Date.now());
  if (limitMs <= 0)
    return { passed: 0, failed: 1, details: 'not started: the hour for all sections was over.' };
  try {
    return await section.run(limitMs);
  } catch (error) {
    return { passed: 0, failed: 1, details: describe(error) };
  }
}

async function testAll(names) {
  await prepareDependencies();
  // Imported here, because the dependencies of the sections are installed only now.
  const { sections } = await import('./sections.mjs');
  const unknown = names.filter((name) => !sections.some((section) => section.name === name));
  if (unknown.length > 0) {
    const known = sections.map((section) => section.name).join(', ');
    throw new Problem(`there is no section ${unknown.join(', ')}; there are ${known}.`);
  }
  // The sections that the user named depend on the build.
  const chosen = sections.filter(
    (section) => names.length === 0 || names.includes(section.name) || section.name === 'build',
  );
  rmSync(path.join(root, 'test-results'), { recursive: true, force: true });
  const inVsCode = chosen.filter((section) => section.inVsCode);
  const lack = inVsCode.length > 0 ? await prepareVsCode() : undefined;
  installPythonBeside(chosen);
  const end = Date.now() + WHOLE_LIMIT_MS;
  const total = { passed: 0, failed: 0 };
  const failedSections = new Set();
  const count = (name, tally, start) => {
    if (tally.failed > 0) failedSections.add(name);
    total.passed += tally.passed;
    total.failed += tally.failed;
    print(name, tally, Date.now() - start);
  };
  for (const section of chosen) {
    if (section.inVsCode && lack !== undefined) continue;
    console.log(`\n== ${section.name}`);
    const start = Date.now();
    count(section.name, await runSection(section, end, failedSections), start);
  }
  if (lack !== undefined) {
    // One cause counts as one failure, even if it prevents several sections.
    const name = inVsCode.map((section) => section.name).join(', ');
    console.log(`\n== ${name}`);
    count(name, { passed: 0, failed: 1, details: lack }, Date.now());
  }
  if (names.length > 0) console.log(`\nOnly build, ${names.join(', ')} ran.`);
  return total;
}

let total;
try {
  total = await testAll(process.argv.slice(2));
} catch (error) {
  console.log(`adamscope: ${describe(error)}`);
  total = { passed: 0, failed: 1 };
}
// The process must end whatever a section has left behind, but after the output has been written to a pipe.
process.exitCode = total.failed === 0 ? 0 : 1;
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`, () => process.exit());
