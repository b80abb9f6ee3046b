// The verdict on a run, and its parameters.
import { describe, expect, test } from 'vitest';
import { dashboardPages, screenshotPath } from './harness';
import { axeViolations, callsOf, cutTexts, scrollsSideways } from './inPage';

const openPage = dashboardPages();

describe('the verdict', () => {
  test('stands above the findings, and its parameters can be copied', async () => {
    const page = await openPage({ scenario: 'edge' });
    const verdict = page.getByRole('region', { name: 'Verdict' });
    await verdict.waitFor();
    const top = async (name: string) => (await page.getByRole('region', { name }).boundingBox())!.y;
    expect(await top('Verdict')).toBeLessThan(await top('Findings'));
    expect(await verdict.textContent()).toMatch(
      /^.(Converged|Not finished|Stalled|Unstable): .*\d+ % certain/s,
    );
    await verdict.getByRole('button', { name: 'Copy parameters' }).click();
    await expect.poll(() => callsOf(page, 'copyFitted')).toHaveLength(1);
  });

  test('is not shown before the run has ended', async () => {
    const page = await openPage({ scenario: 'foretold' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('region', { name: 'Verdict' }).count()).toBe(0);
  });

  test.for(['dark', 'light', 'highContrast'] as const)(
    'fits, and can be read by everyone: %s',
    async (theme) => {
      for (const width of [500, 900, 1600]) {
        const page = await openPage({ scenario: 'edge', theme, width });
        await page.getByRole('region', { name: 'Verdict' }).waitFor();
        await page.screenshot({ path: screenshotPath(`verdict-${theme}-${width}`) });
        expect(await cutTexts(page)).toEqual([]);
        expect(await scrollsSideways(page)).toBe(false);
        expect(await axeViolations(page)).toEqual([]);
        await page.screenshot({ path: screenshotPath(`verdict-${theme}-${width}`) });
      }
    },
  );
});
