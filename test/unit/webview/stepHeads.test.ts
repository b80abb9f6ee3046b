import { describe, expect, it } from 'vitest';
import type { GlobalQuantity, RunView } from '../../../src/protocol/panel';
import { stepHeadOf } from '../../../webview/ui/stepHeads';

function run(maximizes: boolean, ...quantities: GlobalQuantity[]): Pick<RunView, 'maximizes' | 'quantities'> {
  return {
    maximizes,
    quantities: quantities.map((quantity) => ({ quantity })) as unknown as RunView['quantities'],
  };
}

describe('the labels of a step', () => {
  it('say that its loss and its best loss are those before its update', () => {
    expect(stepHeadOf('loss', run(false, 'loss', 'best'))).toBe('loss before');
    expect(stepHeadOf('best', run(false, 'loss', 'best'))).toBe('best before');
    expect(stepHeadOf('loss', run(true, 'loss', 'best'))).toBe('objective before');
  });

  it('say that a watched loss decides about the best one', () => {
    expect(stepHeadOf('best', run(false, 'loss', 'best', 'watched'))).toBe('best watched');
  });
});
