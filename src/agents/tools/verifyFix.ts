import * as v from 'valibot';
import type { Finding, Fix } from '../../core/diagnosis/finding';
import { verdictId } from '../../core/verdict/verdict';
import { searchSentence } from '../../core/verify/search/searchBudget';
import type { Run } from '../../runs/run';
import { agentTool } from '../agentTool';
import { verifiedFix, verifiedOf } from '../fixes';
import { measured, measuredOf, measuredSentence } from '../measured';
import type { Roots } from '../roots';
import { ToolProblem } from '../toolProblem';
import { findingOf } from './explainFinding';
import { nameInput, runInput } from './inputs';

const input = v.strictObject({
  run: runInput,
  finding: v.exactOptional(
    v.pipe(
      nameInput,
      v.description('the id of a finding, or "verdict"; absent: all findings and the verdict'),
    ),
  ),
  fix: v.exactOptional(v.pipe(nameInput, v.description('the id of one proposed fix of this finding'))),
  maxSeconds: v.optional(
    v.pipe(v.number(), v.minValue(0.1), v.maxValue(600), v.description('after which the trials end')),
    50,
  ),
});

const output = v.object({
  run: v.string(),
  isComplete: v.pipe(
    v.boolean(),
    v.description('false: a limit ended the trials, so that fixes may be untried'),
  ),
  results: v.array(
    v.object({
      finding: v.string(),
      helps: v.pipe(v.array(verifiedFix), v.description('the fixes that were tried and help, best first')),
      refusal: v.nullable(v.pipe(v.string(), v.description('why no fix helps'))),
    }),
  ),
  asked: v.nullable(
    v.object({
      fix: v.string(),
      outcome: v.pipe(
        v.picklist(['helps', 'not offered', 'not tried']),
        v.description('not offered: it does not help, or no better than a fix that is offered'),
      ),
    }),
  ),
  search: v.nullable(
    v.pipe(v.string(), v.description('what was tried beyond the proposed fixes, and its limits')),
  ),
  measured,
});

export const verifyFix = agentTool({
  title: 'Verify fixes',
  description:
    'Tries the proposed fixes of a run of this session by running the loss again with each of them, and searches for other configurations. Only fixes that lower the loss are returned, with the loss before and after. Executes the code of the loss.',
  input,
  output,
  running: ({ run }) => `the loss of run ${run} again, once for each fix that is tried`,
  async call({ run: reference, finding, fix, maxSeconds }, { workplace, runs, signal, progress }) {
    const { roots, verifications } = workplace;
    const run = await runs.find(reference);
    requireOwn(run, reference);
    const proposed = finding === undefined || finding === verdictId ? null : findingOf(run, finding);
    // Before the verification replaces them.
    const wasProposed = fix === undefined || proposedFixes(run, finding).some(({ id }) => id === fix);
    const subscription = workplace.runs.onDidChange((change) => {
      if (change.run === run) progress(...run.tried);
    });
    const what = await verifications.of(run, maxSeconds, signal).finally(() => subscription.dispose());
    const isComplete = what !== 'cut' && (run.search?.untried ?? 0) === 0;
    const results = [
      ...run.record.findings
        .map((each, i) => ({ id: each.id, fixes: each.fixes, refusal: run.refusals[i] ?? null }))
        .filter(({ id }) => finding === undefined || id === proposed?.id),
      ...(finding === undefined || finding === verdictId
        ? [{ id: verdictId, fixes: run.verdictFixes, refusal: run.verdictRefusal }]
        : []),
    ].map(({ id, fixes, refusal }) => ({ finding: id, helps: verifiedOf(fixes, roots), refusal }));
    const helps = results.flatMap((result) => result.helps);
    if (fix !== undefined && !wasProposed && !helps.some(({ id }) => id === fix))
      throw new ToolProblem(
        `${finding ?? 'the run'} has no fix ${JSON.stringify(fix)}; ${knownFixes(run, finding, roots)}`,
      );
    const asked = fix === undefined ? null : { fix, outcome: outcomeOf(fix, helps, isComplete) };
    return {
      text: [
        what === 'nothing to try'
          ? 'There was nothing to try: no finding proposes a fix, and the verdict asks for none.'
          : helps.length === 0
            ? `No fix that was tried helps.${isComplete ? '' : ' Not all were tried.'}`
            : `Verified: ${[...new Set(helps.map(({ title }) => title))].slice(0, 3).join('; ')}.`,
        ...(asked ? [`${asked.fix}: ${asked.outcome}.`] : []),
        measuredSentence(run),
      ].join(' '),
      content: {
        run: reference,
        isComplete,
        results,
        asked,
        search: run.search && searchSentence(run.search),
        measured: measuredOf(run),
      },
    };
  },
});

function outcomeOf(
  fix: string,
  helps: readonly { readonly id: string }[],
  isComplete: boolean,
): 'helps' | 'not offered' | 'not tried' {
  if (helps.some(({ id }) => id === fix)) return 'helps';
  return isComplete ? 'not offered' : 'not tried';
}

/** @throws ToolProblem if the loss of the run may not be evaluated again */
function requireOwn(run: Run, reference: string): void {
  if (!run.isOwn || run.reported === null)
    throw new ToolProblem(
      `${reference} was not run in this session, so its fixes cannot be tried: run its loss again with run_loss`,
    );
  if (run.record.stopped === 'user')
    throw new ToolProblem(
      `${reference} was ended before its last step, so a fix cannot be compared with it: run it again with fewer steps or a larger maxSeconds`,
    );
}

function proposedFixes(run: Run, finding: string | undefined): readonly Fix[] {
  const reported = (run.reported ?? []).filter(({ id }) => finding === undefined || id === finding);
  return reported.flatMap((each: Finding) => each.fixes);
}

function knownFixes(run: Run, finding: string | undefined, roots: Roots): string {
  const ids = [...proposedFixes(run, finding), ...verifiedOf(run.verdictFixes, roots)].map(({ id }) => id);
  return ids.length > 0 ? `known fixes: ${[...new Set(ids)].join(', ')}` : 'none is proposed';
}
