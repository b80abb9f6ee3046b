import { describe, expect, it } from 'vitest';
import type { LossProblem } from '../../../src/loss/problem';
import type { OutcomeMessage, ThreadMessage } from '../../../src/protocol/worker';
import { JobResult } from '../../../src/worker/jobResult';
import { someVerdict } from '../../support/verdicts';

const location = { file: '/loss.ts', line: 1, column: 1, endLine: 1, endColumn: 2 };
const problemOf = (error: unknown): LossProblem => ({
  code: 'loss-threw',
  severity: 'error',
  message: String(error),
  location,
});
const outcome: OutcomeMessage = {
  steps: 2,
  stopped: 'steps',
  final: { params: Float64Array.of(1), loss: 1, gradNorm: 1 },
  best: { params: Float64Array.of(1), loss: 1, t: 2 },
  verdict: someVerdict,
};

function result() {
  const posted: ThreadMessage[] = [];
  return { posted, result: new JobResult((message) => posted.push(message), problemOf) };
}

describe('the result of a job', () => {
  it('is posted once, after all other messages', async () => {
    const { posted, result: job } = result();
    job.take({ type: 'done', outcome });
    job.take({ type: 'progress', done: 1, total: 2 });
    job.take({ type: 'done', outcome });
    expect(posted).toEqual([{ type: 'progress', done: 1, total: 2 }]);
    await job.send();
    expect(posted.slice(1)).toEqual([{ type: 'done', outcome }]);
  });

  it('is an immediate failure after an uncaught error, and no message follows', async () => {
    const { posted, result: job } = result();
    job.fail('lost');
    job.fail('again');
    job.take({ type: 'done', outcome });
    await job.send();
    expect(posted).toEqual([{ type: 'failed', problems: [problemOf('lost')], outcome: null }]);
  });

  it('is a failure if a timer throws after the last step, and includes the outcome of the run', async () => {
    const { posted, result: job } = result();
    setTimeout(() => job.fail('late'), 1);
    job.take({ type: 'done', outcome });
    await job.send();
    expect(posted).toEqual([
      { type: 'failed', problems: [problemOf('late')], outcome: { ...outcome, stopped: 'error' } },
    ]);
  });
});
