import { describe, expect, it } from 'vitest';
import { orderOf, runsByLoss } from '../../../src/host/runs/runTree';
import type { Run } from '../../../src/runs/run';

const run = (id: string, lossName: string, more: { isPinned?: boolean; sweep?: string } = {}) =>
  ({ record: { id, source: { file: '/a.ts', lossName }, isPinned: false, ...more } }) as unknown as Run;

const history = [
  run('1', 'f'),
  run('2', 'f', { sweep: 's' }),
  run('3', 'f', { sweep: 's' }),
  run('4', 'g'),
  run('5', 'f', { sweep: 's', isPinned: true }),
  run('6', 'f'),
];
const shape = (of: readonly Run[]) =>
  runsByLoss(of).map(({ lossName, entries }) => [
    lossName,
    entries.map((each) => ('runs' in each ? each.runs.map(({ record }) => record.id) : each.record.id)),
  ]);

describe('the view of runs', () => {
  it('has the loss that ran last first, pinned runs before others, and those of a sweep together', () => {
    expect(shape(history)).toEqual([
      ['f', ['5', '6', ['3', '2'], '1']],
      ['g', ['4']],
    ]);
  });

  it('names all runs of a loss for what is done with the whole group', () => {
    expect(runsByLoss(history)[0]!.runs.map(({ record }) => record.id)).toEqual(['6', '5', '3', '2', '1']);
  });

  it('has another order exactly if an entry comes, goes or moves', () => {
    expect(orderOf(history)).toBe(orderOf([...history]));
    expect(orderOf(history.slice(1))).not.toBe(orderOf(history));
    expect(orderOf([...history.slice(1), history[0]!])).not.toBe(orderOf(history));
  });
});
