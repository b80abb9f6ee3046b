import { describe, expect, it } from 'vitest';
import { presetNames, presets } from '../../../src/core/config/presets';
import { resolveConfig } from '../../../src/core/config/resolve';
import { formatConfig } from '../../../src/loss/annotation/configText';

describe('the presets of a configuration', () => {
  it.each([1, 2, 3, 4, 10, 1000, 1e6])('are valid for %i steps, over any other optimizer', (steps) => {
    for (const name of presetNames)
      for (const optimizer of [
        { name: 'sgd', nesterov: true, momentum: 0.5 },
        { name: 'adam', amsgrad: true },
      ]) {
        const { problems } = resolveConfig([{ optimizer, steps }, presets[name].patch(steps)]);
        expect([name, problems]).toEqual([name, []]);
      }
  });

  it('have the numbers of their sources', () => {
    const texts = presetNames.map((name) => [
      name,
      ...formatConfig(presets[name].patch(1000)).map(([tag, text]) => `${tag} ${text}`),
    ]);
    expect(texts).toEqual([
      [
        'general net',
        'optimizer adamw lr=0.001 beta1=0.9 beta2=0.999 eps=1e-8 weightDecay=0.0001',
        'schedule warmupCosine warmup=50',
      ],
      [
        'transformer',
        'optimizer adam lr=0.0007 beta1=0.9 beta2=0.98 eps=1e-9',
        'schedule warmupCosine warmup=100',
        'clip norm=1',
      ],
      [
        'vision',
        'optimizer sgd lr=0.1 momentum=0.9 weightDecay=0.0001',
        'schedule multiStep milestones=[500, 750] gamma=0.1',
      ],
      [
        'fine-tuning',
        'optimizer adamw lr=0.00002 beta1=0.9 beta2=0.999 eps=1e-8 weightDecay=0.01',
        'schedule warmupCosine warmup=100',
        'clip norm=1',
      ],
      [
        'curve fit',
        'optimizer adam lr=0.05 beta1=0.9 beta2=0.999 eps=1e-8',
        'schedule cosine',
        'tolerance 1e-8',
      ],
    ]);
  });

  it('each name a paper', () => {
    for (const name of presetNames) expect(presets[name].source).toMatch(/arXiv:\d{4}\.\d{4,5}/);
  });
});
