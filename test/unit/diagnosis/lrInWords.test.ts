import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { lrInWords } from '../../../src/core/diagnosis/lrInWords';
import type { RuleContext } from '../../../src/core/diagnosis/rule';

describe('the learning rate in words', () => {
  const context = (groups: RunConfigPatch['groups']) => {
    const { config } = resolveConfig([{ optimizer: { name: 'adam', lr: 0.05 }, ...(groups && { groups }) }]);
    return { config, dim: 3 } as RuleContext;
  };

  it('is that of the optimizer without groups', () => {
    expect(lrInWords(context(undefined), [2])).toBe('lr = 0.05');
  });

  it('is that of the group of the named coordinates', () => {
    const grouped = context([{ ranges: [[2, 2]], lr: 0.2 }]);
    expect(lrInWords(grouped, [2])).toBe('lr = 0.2');
    expect(lrInWords(grouped, [0])).toBe('lr = 0.05');
    expect(lrInWords(grouped)).toBe('lr = 0.05 to 0.2');
  });
});
