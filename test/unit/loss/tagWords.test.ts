import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { configIn, tagsFor } from '../../../src/loss/annotation/tagWords';

const patch: RunConfigPatch = {
  start: { a: 1, b: 2 },
  optimizer: { name: 'adamw', lr: 0.1, weightDecay: 0.01 },
  groups: [{ names: ['a'], weightDecay: 0 }],
  clip: { norm: 1 },
  earlyStopping: { patience: 5 },
  maximize: true,
};

describe('a configuration in the notation of a language', () => {
  it('has the names and texts of JSDoc tags', () => {
    expect(Object.fromEntries(configIn('javascript', patch))).toMatchObject({
      start: 'a=1 b=2',
      optimizer: 'adamw lr=0.1 weightDecay=0.01',
      group: 'a weightDecay=0',
      earlyStopping: 'patience=5',
    });
    expect(tagsFor('javascript', patch)).toEqual(
      expect.arrayContaining(['@optimizer adamw lr=0.1 weightDecay=0.01', '@clip norm=1', '@maximize']),
    );
  });

  it('has those of Python comments', () => {
    expect(Object.fromEntries(configIn('python', patch))).toMatchObject({
      start: "{'a': 1, 'b': 2}",
      optimizer: 'adamw lr=0.1 weight_decay=0.01',
      group: 'a weight_decay=0',
      early_stopping: 'patience=5',
    });
    expect(tagsFor('python', patch)).toEqual(
      expect.arrayContaining(['optimizer=adamw lr=0.1 weight_decay=0.01', 'clip norm=1', 'maximize']),
    );
  });
});
