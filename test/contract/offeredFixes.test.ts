import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../src/core/config/runConfig';
import type { DiagnosisCode } from '../../src/core/diagnosis/catalogue';
import type { Finding, Fix, FixOutcome } from '../../src/core/diagnosis/finding';
import { defaultBudget, type SearchBudget } from '../../src/core/verify/search/searchBudget';
import { editedSource } from '../../src/loss/editedSource';
import { planRun } from '../../src/loss/plan';
import { ActiveVerification } from '../../src/runner/activeVerification';
import { RunJob } from '../../src/runner/runJob';
import { type FaultCase, faultCase, faultPrograms } from '../support/faults/cases';
import { lossAt } from '../support/lossAt';
import { jobs } from '../support/startRun';

/** The number of concurrent runs. Each run uses one thread. */
const atATime = 2;
/** Without a limit of time, the search is the same in every run. */
const budget = { times: 6, seconds: 600 };
/** The evaluations that a user allows by default, for the divergences that the smaller budget leaves without a fix. */
const wholeBudget = { ...budget, times: defaultBudget.times };
const limits = { evaluationTimeoutMs: 30_000, memoryLimitMb: 2048 };

/** A fix that was offered: its promised outcome, and the outcome of a run with it. */
interface Offer {
  readonly name: string;
  readonly code: DiagnosisCode | 'verdict';
  readonly title: string;
  readonly promised: { readonly before: FixOutcome; readonly after: FixOutcome };
  readonly reached: { readonly before: FixOutcome; readonly after: FixOutcome };
}

/**
 * For each labelled run with expected findings, verifies the fixes and makes a run with every fix that is
 * offered.
 */
describe('the fixes of the labelled runs', () => {
  const offers: Offer[] = [];
  const found = new Map<DiagnosisCode, number>();
  const fixed = new Map<DiagnosisCode, number>();
  /** The runs that diverge and have no fix that helps. */
  const unfixed: string[] = [];

  beforeAll(async () => {
    const waiting = faultPrograms()
      .map(faultCase)
      .filter(
        ({ finds, isStep, declaration }) =>
          finds.length > 0 && !isStep && declaration.language === 'javascript',
      );
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await tryFixes(next);
    };
    await Promise.all(Array.from({ length: atATime }, work));
    const codes = [...found.keys()].sort();
    console.log(
      ['code, findings that have fixes to try, and those with one that helps']
        .concat(codes.map((code) => `${code.padEnd(24)}${found.get(code)!}  ${fixed.get(code) ?? 0}`))
        .join('\n'),
    );
  }, 1_200_000);

  async function tryFixes({ name, declaration }: FaultCase): Promise<void> {
    const plan = (patch: RunConfigPatch) => planRun(declaration, { below: [], above: [patch] });
    const run = async ({ patch = {}, edit }: Partial<Pick<Fix, 'patch' | 'edit'>>) => {
      const { config, source: own } = plan(patch);
      const source = edit ? editedSource(own, edit)! : own;
      let findings: readonly Finding[] = [];
      const active = new RunJob(jobs, { source, config, limits });
      active.open({
        onFindings: (found) => {
          findings = found;
        },
      });
      const { outcome } = await active.ended;
      const { final, best, steps, stopped, verdict } = outcome!;
      const reached: FixOutcome = { loss: final.loss, bestLoss: best.loss, steps, stopped };
      return { reached, findings, verdict, final, best };
    };
    const known = new Map<string, FixOutcome>();
    /** A function near the loss has other values: then the fix promises those of the loss itself. */
    const outcomeOf = async (fix: Fix): Promise<FixOutcome> => {
      const { reached, final, best } = await run(fix);
      if (!fix.words!.loss.startsWith('unedited')) return reached;
      const loss = await lossAt(declaration, final.params);
      return { ...reached, loss, bestLoss: Math.min(loss, await lossAt(declaration, best.params)) };
    };
    const tryOne = async (code: Offer['code'], fix: Fix) => {
      const { id, title, verified } = fix;
      const after = known.get(id) ?? (await outcomeOf(fix));
      known.set(id, after);
      offers.push({ name, code, title, promised: verified!, reached: { before: before.reached, after } });
    };
    const before = await run({});
    const findings = before.findings.filter(({ fixes }) => fixes.length > 0);
    const { config, source } = plan({});
    const verified = async (within: SearchBudget) => {
      const job = {
        kind: 'verify',
        config,
        diagnosis: 'full',
        findings,
        verdict: before.verdict,
        budget: within,
      } as const;
      const result = await new ActiveVerification(jobs, { source, limits, job }, () => {}).ended;
      expect(result.isComplete, name).toBe(true);
      return result;
    };
    const isUnfixed = ({ fixes }: Awaited<ReturnType<typeof verified>>) =>
      findings.some(({ code }, i) => code === 'divergence' && fixes[i]!.length === 0);
    const first = await verified(budget);
    const { fixes, ofVerdict } = isUnfixed(first) ? await verified(wholeBudget) : first;
    for (const [i, { code }] of findings.entries()) {
      found.set(code, (found.get(code) ?? 0) + 1);
      if (fixes[i]!.length > 0) fixed.set(code, (fixed.get(code) ?? 0) + 1);
      else if (code === 'divergence') unfixed.push(name);
      for (const fix of fixes[i]!) await tryOne(code, fix);
    }
    for (const fix of ofVerdict.fixes) await tryOne('verdict', fix);
  }

  it('promise exactly the outcome that a run with the fix has', () => {
    expect(offers.length).toBeGreaterThan(50);
    for (const { name, title, promised, reached } of offers)
      expect(reached, `${name}, ${title}`).toEqual(promised);
  });

  it('include one that helps for every divergence', () => {
    expect(found.get('divergence')).toBeGreaterThan(10);
    expect(unfixed).toEqual([]);
  });
});
