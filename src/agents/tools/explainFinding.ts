import * as v from 'valibot';
import { evidenceWords } from '../../core/diagnosis/evidenceWords';
import { originSentence } from '../../core/diagnosis/originWords';
import { inAscent } from '../../core/lossWords';
import { findingIn } from '../../loss/findingWords';
import type { Run } from '../../runs/run';
import { agentTool } from '../agentTool';
import { change, changeOf } from '../fixes';
import { anyNumber } from '../jsonValues';
import { measured, measuredOf, measuredSentence } from '../measured';
import { locationOfFinding, place, placeOf } from '../places';
import { valuesAtMost } from '../runSummary';
import { ToolProblem } from '../toolProblem';
import { nameInput, runInput } from './inputs';

const input = v.strictObject({
  run: runInput,
  finding: v.pipe(nameInput, v.description('the id of a finding of this run, for example divergence-1')),
});

const output = v.object({
  run: v.string(),
  id: v.string(),
  code: v.string(),
  severity: v.string(),
  headline: v.string(),
  detail: v.string(),
  advice: v.string(),
  cause: v.nullable(
    v.pipe(v.string(), v.description('the operation of the loss that caused it, if it is known')),
  ),
  place,
  causePlace: v.nullable(place),
  steps: v.pipe(v.array(v.number()), v.description('first and last step')),
  coordinates: v.array(v.string()),
  coordinateCount: v.number(),
  evidence: v.record(v.string(), v.union([anyNumber, v.string()])),
  fixes: v.array(v.object({ ...change.entries, isVerified: v.boolean() })),
  measured,
  page: v.pipe(v.string(), v.description('the documentation of the diagnosis, in Markdown')),
});

export const explainFinding = agentTool({
  title: 'Explain a finding',
  description:
    'Explains a finding of a run: what was observed, the evidence in numbers, the place in the source, the proposed fixes, and the documentation page of the diagnosis. Runs no code.',
  input,
  output,
  running: null,
  async call({ run: reference, finding: id }, { workplace, runs }) {
    const { roots } = workplace;
    const run = await runs.find(reference);
    const { config, source } = run.record;
    const found = findingIn(source.language, findingOf(run, id));
    const { code, severity, headline, detail, advice, origin, coordinates } = found;
    const words = (name: string) =>
      config.maximize ? inAscent(evidenceWords(code, name)) : evidenceWords(code, name);
    return {
      text: `${headline} ${detail} ${advice} ${measuredSentence(run)}`,
      content: {
        run: reference,
        id,
        code,
        severity,
        headline,
        detail,
        advice,
        cause: origin && originSentence(origin),
        place: placeOf(locationOfFinding(run, found), roots),
        causePlace: origin && placeOf(origin.location, roots),
        steps: [...found.steps],
        coordinates: coordinates.slice(0, valuesAtMost).map(run.nameOf),
        coordinateCount: coordinates.length,
        evidence: Object.fromEntries(
          Object.entries(found.evidence).map(([name, value]) => [words(name), value]),
        ),
        fixes: found.fixes.map((fix) => ({ ...changeOf(fix, roots), isVerified: fix.verified !== null })),
        measured: measuredOf(run),
        page: await workplace.page(code),
      },
    };
  },
});

/** @throws ToolProblem if the run has no finding with this id */
export function findingOf({ record: { findings } }: Run, id: string) {
  const found = findings.find((each) => each.id === id);
  if (found) return found;
  const ids = findings.map((each) => each.id);
  throw new ToolProblem(
    `the run has no finding ${JSON.stringify(id)}; ${ids.length > 0 ? `its findings: ${ids.join(', ')}` : 'it has none'}`,
  );
}
