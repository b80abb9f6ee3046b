import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from './harness';
import type { ScenarioName } from './page/scenarios';
import type { ThemeName } from './themes';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness?.close());

const pictures: readonly (readonly [ScenarioName, ThemeName, number])[] = [
  ['rosenbrock', 'dark', 600],
  ['rosenbrock', 'dark', 900],
  ['rosenbrock', 'dark', 1400],
  ['rosenbrock', 'light', 900],
  ['rosenbrock', 'highContrast', 900],
  ['rosenbrock', 'light', 1400],
  ['diverging', 'dark', 900],
  ['diverging', 'light', 600],
  ['wide', 'dark', 1400],
  ['long', 'light', 1400],
  ['barrier', 'dark', 900],
  ['running', 'dark', 600],
  ['interrupted', 'light', 600],
  ['few', 'light', 600],
  ['failed', 'dark', 600],
  ['threeFixes', 'dark', 600],
  ['loading', 'dark', 600],
  ['failedAtOnce', 'light', 600],
  ['empty', 'dark', 600],
  ['empty', 'light', 900],
];

describe('pictures for the eye', () => {
  test.each(pictures)('%s, %s, %i px', async (scenario, theme, width) => {
    const page = await harness.open({ scenario, theme, width, height: width === 600 ? 800 : 1000 });
    await page.waitForTimeout(900);
    const picture = await page.screenshot({
      path: harness.screenshotPath(`${scenario}-${theme}-${width}`),
    });
    expect(picture.length).toBeGreaterThan(5000);
    await page.context().close();
  });
});
