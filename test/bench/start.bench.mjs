// Measures what a user waits for: the activation of the extension in fresh processes, without VS Code; and in a served VS Code, from a
// click on *Run Adam* to the first drawn chart, in a new window (cold) and with an open dashboard (warm). For comparison, also from a
// click to a page with one line of text, which VS Code itself needs.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../.ci/paths.mjs';
import { installServedVsCode } from '../../.ci/vscode/install.mjs';
import { dashboardOf, dashboardSoon, firstChart, openSamples, shownRun } from './servedSamples.mjs';

const { median, report } = createRequire(import.meta.url)(path.join(root, 'dist/test/bench/report.js'));
const activations = 15;
const rounds = 3;
const warmClicks = 5;

function activation() {
  const script = path.join(root, 'test/bench/activateOnce.cjs');
  return JSON.parse(execFileSync(process.execPath, [script]).toString());
}

/** Notes the time of the next press of the mouse. */
const noteClick = () =>
  window.addEventListener(
    'mousedown',
    () => {
      window.clickedAt = performance.timeOrigin + performance.now();
    },
    { capture: true, once: true },
  );

/** @returns the milliseconds from a click on the code lens to the first chart of its run */
async function click(page, button) {
  await page.evaluate(noteClick);
  const open = await dashboardOf(page);
  const next = open?.evaluate(firstChart, await open.evaluate(shownRun));
  await button.click();
  const drawnAt = await (next ?? (await dashboardSoon(page)).evaluate(firstChart, ''));
  return drawnAt - (await page.evaluate(() => window.clickedAt));
}

async function clicks(installation) {
  const { page, button, close } = await openSamples(installation);
  try {
    const cold = await click(page, button);
    const warm = [];
    for (let i = 0; i < warmClicks; i++) {
      await sleep(3000);
      warm.push(await click(page, button));
    }
    return { cold, warm: median(warm) };
  } finally {
    await close();
  }
}

/** When the text of a page was first drawn, in milliseconds since 1970. */
const firstText = () =>
  new Promise((resolve) =>
    new PerformanceObserver((list) => {
      for (const { name, startTime } of list.getEntries())
        if (name === 'first-contentful-paint') resolve(performance.timeOrigin + startTime);
    }).observe({ type: 'paint', buffered: true }),
  );

/** @returns the milliseconds from a click to the text of an empty page, in a new window */
async function clickToEmptyPage(installation) {
  const extension = path.join(root, 'test/bench/emptyPage');
  const { page, button, close } = await openSamples(installation, extension, 'Open empty page');
  try {
    await page.evaluate(noteClick);
    await button.click();
    const drawnAt = await (await dashboardSoon(page)).evaluate(firstText);
    return drawnAt - (await page.evaluate(() => window.clickedAt));
  } finally {
    await close();
  }
}

const starts = Array.from({ length: activations }, activation);
report('load and activation', median(starts.map(({ load, activate }) => load + activate)), 'ms', {
  atMost: 50,
});
report('loading the window after it', median(starts.map(({ window }) => window)), 'ms');
const installation = await installServedVsCode();
const measured = [];
const empty = [];
for (let round = 0; round < rounds; round++) {
  measured.push(await clicks(installation));
  empty.push(await clickToEmptyPage(installation));
}
report('click to a page with one line of text, cold', median(empty), 'ms');
report('click to first chart, cold', median(measured.map(({ cold }) => cold)), 'ms', { atMost: 600 });
report('click to first chart, warm', median(measured.map(({ warm }) => warm)), 'ms', { atMost: 300 });
