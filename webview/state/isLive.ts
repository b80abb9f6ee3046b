import type { RunStatus } from '../../src/protocol/panel';

/** Whether a run has not ended, so that it can be stopped and more steps may come. */
export function isLive(status: RunStatus): boolean {
  return status === 'queued' || status === 'loading' || status === 'running' || status === 'paused';
}
