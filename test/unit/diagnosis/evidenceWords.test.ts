import { expect, it } from 'vitest';
import { evidenceWords } from '../../../src/core/diagnosis/evidenceWords';
import { diagnosed } from './support/diagnosed';
import { bowl, rosenbrock } from './support/problems';

it('has a different label for every number in the evidence of real findings', async () => {
  const runs = await Promise.all([
    diagnosed(rosenbrock(), [{ optimizer: { name: 'adam', lr: 0.1 }, steps: 3000 }], { around: true }),
    diagnosed(bowl([100, 1], [1, 1]), [{ optimizer: { name: 'sgd', lr: 0.03 }, steps: 200 }], {
      around: true,
    }),
    diagnosed(bowl([1], [1]), [{ optimizer: { name: 'adam', lr: 0.01, beta2: 0.99 }, steps: 3000 }]),
  ]);
  const findings = runs.flatMap((run) => run.findings);
  expect(new Set(findings.map(({ code }) => code)).size).toBeGreaterThan(4);
  for (const { code, evidence } of findings) {
    const words = Object.keys(evidence).map((name) => evidenceWords(code, name));
    expect(new Set(words).size).toBe(words.length);
    for (const word of words) expect(word).not.toMatch(/^[a-z]+[A-Z]/);
  }
});
