import { describe, expect, it } from 'vitest';
import { diagnosed } from './support/diagnosed';
import { bowl } from './support/problems';

describe('findings about the second optimizer of a run', () => {
  const run = (to: number) =>
    diagnosed(
      bowl([60, 2], [0.6, 0.3]),
      [
        {
          optimizer: { name: 'adam', lr: 0.02 },
          switch: { to: { name: 'sgd', lr: to }, at: 250 },
          steps: 600,
        },
      ],
      { around: true },
    );

  it('are at its options, name its learning rate, and change it', async () => {
    const divergence = (await run(0.05)).of('divergence')!;
    expect(divergence.subject).toEqual({ kind: 'option', path: ['switch', 'to', 'lr'] });
    expect(divergence.evidence.lr).toBe(0.05);
    const [fix] = divergence.fixes;
    expect(fix!.patch).toEqual({ switch: { to: { name: 'sgd', lr: 0.005 } } });
    expect(fix!.title).toBe('lr 0.005 after the switch');
  });

  it('do not hide behind a spike', async () => {
    expect((await run(0.05)).labels).not.toContain('loss-spike');
  });

  it('are not made where both are well chosen', async () => {
    expect((await run(0.02)).alarms).toEqual([]);
  });
});
