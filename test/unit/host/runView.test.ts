import { describe, expect, it } from 'vitest';
import { viewOf } from '../../../src/host/panel/runView';
import type { LossEnvironment } from '../../../src/loss/environment';
import { Run } from '../../../src/runs/run';
import { runRecord } from '../runs/support/runRecord';

const environment: LossEnvironment = {
  interpreter: '/opt/fit/bin/python',
  foundBy: 'setting adamscope.python',
  version: '3.12.1',
  packages: { numpy: '2.1.0', torch: '2.9.0' },
  device: 'cpu',
  gradientBy: 'torch autograd',
};

describe('the view of a run', () => {
  it('says what computes the gradient of a Python loss, and in which environment', () => {
    const run = new Run(runRecord('1', { environment, gradientMode: 'exact' }));
    const view = viewOf(run, 'fit.py', null);
    expect(view.gradientBy).toBe('torch autograd');
    expect(view.environment).toEqual([
      ['environment', 'Python 3.12.1, numpy 2.1.0, torch 2.9.0, cpu'],
      ['interpreter', '/opt/fit/bin/python (setting adamscope.python)'],
    ]);
  });

  it('names nothing that computes an exact gradient if the gradient is not exact', () => {
    const run = new Run(runRecord('1', { environment, gradientMode: 'finite-difference' }));
    expect(viewOf(run, 'fit.py', null).gradientBy).toBeNull();
  });

  it('has no environment for a loss in JavaScript', () => {
    const view = viewOf(new Run(runRecord('1')), 'fit.ts', null);
    expect([view.gradientBy, view.environment]).toEqual([null, []]);
  });
});
