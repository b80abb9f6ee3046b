import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { sourceFix } from '../../../src/core/diagnosis/fixes';
import type { EditMeaning, SourceEdit } from '../../../src/core/sourceEdit';
import type { VerificationSetting } from '../../../src/core/verify/verificationSetting';
import { verifyFixes } from '../../../src/core/verify/verifyFixes';
import { diagnosed } from '../diagnosis/support/diagnosed';
import { type Problem, problem } from '../diagnosis/support/problems';
import { settingOf } from './support/verified';

const location = { file: '/w/loss.ts', line: 1, column: 1, endLine: 1, endColumn: 12 };

function edit(after: string, meaning: EditMeaning): SourceEdit {
  return { location, before: 'Math.log(x)', after, meaning };
}

/** weight·x + factor·log(max(x, least)) − x·log(max(x, least)) · entropy */
interface Terms {
  readonly weight: number;
  readonly factor: number;
  readonly entropy: number;
}

function guarded({ weight, factor, entropy }: Terms, start: number, least: number): Problem {
  return problem([start], ([x], grad) => {
    const log = Math.log(Math.max(x!, least));
    const slope = x! > least ? 1 / x! : 0;
    grad[0] = weight + factor * slope + entropy * (log + x! * slope);
    return weight * x! + factor * log + entropy * x! * log;
  });
}

/** Tries a guard for a loss, and programs whose text is the least argument of the logarithm. */
async function tried(terms: Terms, start: number, patch: RunConfigPatch) {
  const { config } = resolveConfig([patch]);
  const before = guarded(terms, start, Number.NEGATIVE_INFINITY);
  const { findings } = await diagnosed(before, [patch]);
  const loaded: string[] = [];
  const also: Partial<VerificationSetting> = {
    edited: async ({ after }) => {
      loaded.push(after);
      return settingOf(guarded(terms, start, Number(after)));
    },
  };
  const fix = sourceFix({ title: 'guard', edit: edit('1e-12', { kind: 'guard', otherwise: '1e-9' }) });
  const proposed = findings.map((finding) => ({ ...finding, fixes: [fix] }));
  const { fixes, refusals } = await verifyFixes(settingOf(before, also), config, proposed);
  return { codes: findings.map(({ code }) => code), fixes: fixes[0]!, refusal: refusals[0], loaded };
}

describe('a guard', () => {
  it('is offered where the result is that of the loss', async () => {
    // x log x from the border of its domain, where 0·log(0) is NaN.
    const { codes, fixes, loaded } = await tried({ weight: 0, factor: 0, entropy: 1 }, 0, {
      optimizer: { name: 'sgd', lr: 0.01 },
      steps: 300,
    });
    expect(codes).toEqual(['non-finite-loss']);
    expect(fixes.map(({ words }) => words?.label)).toEqual(['guard']);
    const [{ verified, edit: offered, patch }] = fixes as [(typeof fixes)[number]];
    expect(patch).toBeUndefined();
    expect(offered?.after).toBe('1e-12');
    expect(verified!.before.stopped).toBe('nonFinite');
    expect(verified!.after).toMatchObject({ steps: 300, stopped: 'steps' });
    expect(verified!.after.loss).toBeCloseTo(-1 / Math.E, 4);
    expect(loaded).toContain('1e-9');
  });

  it('is refused where the result depends on its constant', async () => {
    // x − 5 log x: below 0 the guarded loss falls for ever, and its value is that of the constant.
    const { codes, fixes, refusal } = await tried({ weight: 1, factor: -5, entropy: 0 }, 20, {
      optimizer: { name: 'sgd', lr: 30 },
      steps: 300,
    });
    expect(codes).toEqual(['non-finite-loss']);
    expect(fixes).toEqual([]);
    expect(refusal).toBe(
      'The only fix tried does not help: the run ends outside the domain, where the loss depends on the constant of the guard.',
    );
  });
});

describe('a guard at points outside the domain', () => {
  it('is refused, however little the result depends on its constant', async () => {
    // x − log(x)/1000: below 0 the loss has no value, and the constant changes the guarded one by a few thousandths of its fall.
    const { codes, fixes, refusal } = await tried({ weight: 1, factor: -1e-3, entropy: 0 }, 1, {
      optimizer: { name: 'sgd', lr: 0.3 },
      steps: 300,
    });
    expect(codes).toContain('non-finite-loss');
    expect(fixes).toEqual([]);
    expect(refusal).toMatch(/outside the domain/);
  });
});

describe('an edit', () => {
  it('that does not load is not offered', async () => {
    const patch: RunConfigPatch = { optimizer: { name: 'sgd', lr: 0.01 }, steps: 50 };
    const before = guarded({ weight: 0, factor: 0, entropy: 1 }, 0, Number.NEGATIVE_INFINITY);
    const { findings } = await diagnosed(before, [patch]);
    const fix = sourceFix({ title: 'edit', edit: edit('1e-12', { kind: 'same' }) });
    const { config } = resolveConfig([patch]);
    const { fixes, isComplete } = await verifyFixes(
      settingOf(before),
      config,
      findings.map((finding) => ({ ...finding, fixes: [fix] })),
    );
    expect(fixes).toEqual([[]]);
    expect(isComplete).toBe(true);
  });
});
