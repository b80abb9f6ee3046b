import { describe, expect, it } from 'vitest';
import type { ExpectationResult } from '../../../src/core/expectation';
import type { LossProblem } from '../../../src/loss/problem';
import { expectationOutcome } from '../../../src/runs/expectationOutcome';
import { Run } from '../../../src/runs/run';
import type { RunRecord } from '../../../src/runs/runRecord';
import { aFinding } from '../../support/findings';
import { description, runRecord } from './support/runRecord';

const met: ExpectationResult = { met: true, reached: { loss: 1, t: 3 }, metAt: 3 };
const missed: ExpectationResult = { met: false, reached: { loss: 1, t: 3 }, metAt: null };
const { location } = description.source;
const thrown: LossProblem = { code: 'loss-threw', severity: 'error', message: 'f failed', location };
const warned: LossProblem = { code: 'console-flood', severity: 'warning', message: 'much output', location };

const outcomeOf = (record: Partial<RunRecord>) =>
  expectationOutcome(new Run(runRecord('id', { status: 'finished', stopped: 'steps', ...record })));

describe('the result of a run as a test', () => {
  it.each<[string, Partial<RunRecord>, ReturnType<typeof outcomeOf>]>([
    ['met', { expectation: met }, { kind: 'passed' }],
    [
      'met with a warning',
      { expectation: met, findings: [aFinding()], problems: [warned] },
      { kind: 'passed' },
    ],
    [
      'met with an error',
      { expectation: met, findings: [aFinding({ severity: 'error' })] },
      { kind: 'failed' },
    ],
    ['not met', { expectation: missed }, { kind: 'failed' }],
    [
      'an error of the loss, even after the expectation was met',
      { status: 'failed', expectation: met, problems: [warned, thrown] },
      { kind: 'errored', problems: [thrown] },
    ],
    ['stopped by the user', { expectation: missed, stopped: 'user' }, { kind: 'unknown' }],
    ['interrupted', { expectation: missed, status: 'interrupted' }, { kind: 'unknown' }],
    ['in progress', { expectation: met, status: 'running' }, { kind: 'unknown' }],
    ['without an expectation', { expectation: null }, { kind: 'unknown' }],
  ])('%s', (_, record, outcome) => {
    expect(outcomeOf(record)).toEqual(outcome);
  });
});
