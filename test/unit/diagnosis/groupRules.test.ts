import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { diagnosed } from './support/diagnosed';
import { bowl, type Problem } from './support/problems';

const run = (problem: Problem, patch: RunConfigPatch) =>
  diagnosed(problem, [{ steps: 400, ...patch }], { around: true });

describe('rules about the options of an optimizer, with parameter groups', () => {
  it('report coupled weight decay at the group that has it', async () => {
    const { of } = await run(bowl([1, 1], [0.6, 0.3]), {
      optimizer: { name: 'adam', lr: 0.05 },
      groups: [{ ranges: [[1, 1]], weightDecay: 0.02 }],
    });
    const finding = of('coupled-weight-decay')!;
    expect(finding.subject).toEqual({ kind: 'option', path: ['groups', '0', 'weightDecay'] });
    expect(finding.evidence.weightDecay).toBe(0.02);
  });

  it('report coupled weight decay once if several groups share it', async () => {
    const { findings } = await run(bowl([1, 1], [0.6, 0.3]), {
      optimizer: { name: 'adam', lr: 0.05, weightDecay: 0.02 },
      groups: [{ ranges: [[1, 1]], lr: 0.02 }],
    });
    const found = findings.filter(({ code }) => code === 'coupled-weight-decay');
    expect(found.map(({ subject }) => subject)).toEqual([
      { kind: 'option', path: ['optimizer', 'weightDecay'] },
    ]);
  });

  it('report eps of a group, for its coordinates only, and change it there', async () => {
    const { of } = await run(bowl([1, 1, 1], [0.6, 0.3, 0.2]), {
      optimizer: { name: 'adam', lr: 0.001 },
      groups: [{ ranges: [[2, 2]], eps: 1000 }],
    });
    const finding = of('eps-dominates') ?? of('plateau')!;
    expect(finding.coordinates).toEqual([2]);
    expect(finding.subject).toEqual({ kind: 'option', path: ['groups', '0', 'eps'] });
    const [fix] = finding.fixes;
    expect(fix!.title).toMatch(/^eps \S+ for 2$/);
    expect(fix!.patch).toEqual({ groups: [{ ranges: [[2, 2]], eps: expect.any(Number) }] });
  });

  it('report weight decay that holds a group', async () => {
    const { of } = await run(bowl([1, 1], [0, 0], [3, 2]), {
      optimizer: { name: 'adamw', lr: 0.05, weightDecay: 0 },
      groups: [{ ranges: [[0, 0]], weightDecay: 30 }],
      steps: 800,
    });
    const finding = of('weight-decay-dominates');
    expect(finding?.subject).toEqual({ kind: 'option', path: ['groups', '0', 'weightDecay'] });
  });

  it.each<[string, Problem, RunConfigPatch]>([
    [
      'too long',
      bowl([2, 0.6, 2], [10, 10, 5]),
      { optimizer: { name: 'sgd', lr: 2 }, groups: [{ ranges: [[1, 1]], lr: 3 }] },
    ],
    [
      'too short',
      bowl([2, 6, 2], [10, 10, 5]),
      { optimizer: { name: 'adam', lr: 0.001 }, groups: [{ ranges: [[1, 1]], lr: 0.0012 }] },
    ],
    [
      'too short outside',
      bowl([2, 6, 2], [10, 1e-3, 5]),
      { optimizer: { name: 'adam', lr: 0.001 }, groups: [{ ranges: [[1, 1]], lr: 0.0012 }] },
    ],
    [
      'too long for many',
      bowl([2, 2, 2, 2], [1, 1, 1, 1]),
      {
        optimizer: { name: 'sgd', lr: 2 },
        groups: [0, 1, 2].map((i) => ({ ranges: [[i, i]] as const, lr: 2 + i })),
      },
    ],
  ])('name in the titles of fixes whose steps they change: %s', async (_, of, patch) => {
    const { findings } = await run(of, patch);
    const fixes = findings.flatMap((finding) => finding.fixes);
    const patches = new Map(fixes.map((fix) => [fix.title, JSON.stringify(fix.patch)]));
    for (const fix of fixes) {
      expect(JSON.stringify(fix.patch), fix.title).toBe(patches.get(fix.title));
      if (/^lr /.test(fix.title))
        expect(fix.title).toMatch(/^lr \S+( for | outside |, \d: lr |, that of the groups)/);
    }
    expect(fixes.some(({ title }) => /^lr /.test(title))).toBe(true);
  });

  it('report a learning rate of a group that is too small, with its number', async () => {
    const { of } = await run(bowl([1, 1], [3, 2]), {
      optimizer: { name: 'adam', lr: 0.05 },
      groups: [{ ranges: [[0, 0]], lr: 1e-5 }],
      steps: 1000,
    });
    const finding = of('plateau')!;
    expect(finding.evidence.class).toBe('lr-too-small');
    expect(finding.subject).toEqual({ kind: 'option', path: ['groups', '0', 'lr'] });
    expect(finding.detail).toContain('lr = 1e-5 is too small');
    for (const { patch } of finding.fixes) expect(patch).not.toHaveProperty('optimizer');
  });

  it('are silent where each group has options that suit it', async () => {
    const { alarms } = await run(bowl([1, 100], [3, 2]), {
      optimizer: { name: 'sgd', lr: 0.3 },
      groups: [{ ranges: [[1, 1]], lr: 0.003 }],
    });
    expect(alarms).toEqual([]);
  });
});
