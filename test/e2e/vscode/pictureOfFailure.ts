import type { TestContext } from 'vitest';
import type { ServedVsCode } from '../../support/servedVsCode';

/** Saves a screenshot of the window into test-results/ after a failed test. */
export async function pictureOfFailure(vs: ServedVsCode | undefined, { task }: TestContext): Promise<void> {
  if (task.result?.state === 'fail')
    await vs?.workbench.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
}
