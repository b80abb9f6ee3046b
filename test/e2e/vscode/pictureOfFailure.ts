import type { TestContext } from 'vitest';
import type { ServedVsCode } from '../../support/servedVsCode';

/** After a failed test, saves a screenshot of the window into test-results/, and prints the text of the window and its webviews. */
export async function pictureOfFailure(vs: ServedVsCode | undefined, { task }: TestContext): Promise<void> {
  if (!vs || task.result?.state !== 'fail') return;
  await vs.workbench.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
  const frames = vs.page.frames().map(async (frame) => {
    const text = await frame.locator('body').innerText({ timeout: 1000 }).catch(String);
    return `${frame.url().slice(0, 100)}\n${text.slice(0, 2000).replaceAll(/\n+/g, '\n')}\n`;
  });
  console.error(`the window at the end of "${task.name}":`, ...(await Promise.all(frames)));
  console.error(vs.pageLog().slice(-2000));
}
