// Measures what a user waits for after a reload of the window with an open dashboard: until its first chart is drawn again, in a served
// VS Code. VS Code's own start is part of it, so the part from the opened page of the dashboard is named too, and all is also measured
// with one stored run.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../.ci/paths.mjs';
import { installServedVsCode } from '../../.ci/vscode/install.mjs';
import { dashboardSoon, firstChart, openSamples } from './servedSamples.mjs';

const require = createRequire(import.meta.url);
const { median, report } = require(path.join(root, 'dist/test/bench/report.js'));
const { writeStoredRuns } = require(path.join(root, 'dist/test/bench/storedRuns.js'));
const reloads = 3;

/** @returns the milliseconds to the first chart: from the reload, and from the moment at which VS Code opened the page */
async function reload(page, address) {
  const from = performance.timeOrigin + performance.now();
  await page.goto(address, { waitUntil: 'commit' });
  const dashboard = await dashboardSoon(page);
  const drawnAt = await dashboard.evaluate(firstChart, '');
  const openedAt = await dashboard.evaluate(() => performance.timeOrigin);
  // The window writes its index, and has time for what else follows its start.
  await sleep(4000);
  return { whole: drawnAt - from, own: drawnAt - openedAt };
}

async function measured(page, address) {
  const times = [];
  for (let k = 0; k < reloads; k++) times.push(await reload(page, address));
  return {
    whole: median(times.map(({ whole }) => whole)),
    own: median(times.map(({ own }) => own)),
  };
}

function runsFolder(userDataFolder) {
  const file = readdirSync(userDataFolder, { recursive: true }).find((name) =>
    String(name).endsWith('.adamscope'),
  );
  return path.dirname(path.join(userDataFolder, String(file)));
}

const { page, button, address, userDataFolder, close } = await openSamples(await installServedVsCode());
try {
  await button.click();
  await (await dashboardSoon(page)).evaluate(firstChart, '');
  await sleep(4000);
  const alone = await measured(page, address);
  await writeStoredRuns(runsFolder(userDataFolder));
  // Its window reads the files that others have written, and writes the index of all.
  await reload(page, address);
  const among = await measured(page, address);
  report('reload to first chart, one stored run', alone.whole, 'ms');
  report('of it from the opened page, one stored run', alone.own, 'ms');
  report('reload to first chart, 51 stored runs, 5 of 1e6 coordinates', among.whole, 'ms', { atMost: 3000 });
  report('of it from the opened page, 51 stored runs', among.own, 'ms');
} finally {
  await close();
}
