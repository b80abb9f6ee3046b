import type { TestContext } from 'vitest';
import type { ServedVsCode } from '../../support/servedVsCode';

/** After a test that failed: the window as it stands, into test-results/. */
export async function pictureOfFailure(vs: ServedVsCode | undefined, { task }: TestContext): Promise<void> {
  if (task.result?.state === 'fail')
    await vs?.workbench.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
}
