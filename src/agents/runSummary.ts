import * as v from 'valibot';
import { essentials } from '../core/config/resolve';
import { formatNumber } from '../core/numerics/format';
import type { Run } from '../runs/run';
import { anyNumber } from './jsonValues';
import { measured, measuredOf, measuredSentence } from './measured';
import { locationOfFinding, place, placeOf } from './places';
import type { Roots } from './roots';

/** Of longer vectors, so many first values are in an answer. */
export const valuesAtMost = 16;

const point = v.object({
  loss: anyNumber,
  params: v.pipe(v.array(anyNumber), v.description(`the first ${valuesAtMost} at most`)),
});

/** A finding in an answer about a run. `explain_finding` has the rest. */
const finding = v.object({
  id: v.string(),
  code: v.string(),
  severity: v.picklist(['error', 'warning', 'info']),
  headline: v.string(),
  place,
  fixes: v.array(
    v.object({
      id: v.string(),
      title: v.string(),
      isVerified: v.pipe(v.boolean(), v.description('whether it was tried and helps; false: only proposed')),
    }),
  ),
});

const problem = v.object({ code: v.string(), severity: v.string(), message: v.string(), place });

/** A run in an answer. */
export const runSummary = v.object({
  run: v.pipe(v.string(), v.description('names the run in other tools')),
  loss: v.object({ file: v.string(), name: v.string(), line: v.number() }),
  status: v.string(),
  dim: v.number(),
  coordinates: v.pipe(
    v.array(v.string()),
    v.description(`names of the first ${valuesAtMost} coordinates at most`),
  ),
  configuration: v.pipe(v.record(v.string(), v.unknown()), v.description('what differs from the defaults')),
  measured,
  verdict: v.nullable(
    v.object({ kind: v.string(), headline: v.string(), detail: v.string(), certainty: v.number() }),
  ),
  final: v.nullable(v.object({ ...point.entries, gradientNorm: anyNumber })),
  best: v.nullable(v.object({ ...point.entries, step: v.number() })),
  expectation: v.nullable(v.object({ met: v.boolean(), words: v.string() })),
  findings: v.array(finding),
  problems: v.array(problem),
  quantities: v.pipe(v.array(v.string()), v.description('what read_quantity and chart can read')),
});

/** @param reference  names the run in other tools */
export function summaryOf(run: Run, reference: string, roots: Roots): v.InferInput<typeof runSummary> {
  const { record } = run;
  const { source, outcome, status } = record;
  const { start, names: _, steps, ...configuration } = essentials(record.config);
  const isShort = Array.isArray(start) && start.length <= valuesAtMost;
  const first = (params: Float64Array) => Array.from(params.subarray(0, valuesAtMost));
  return {
    run: reference,
    loss: { file: roots.display(source.file), name: source.lossName, line: source.location.line },
    status,
    dim: run.dim,
    coordinates: Array.from({ length: Math.min(run.dim, valuesAtMost) }, (_, i) => run.nameOf(i)),
    // Nobody planned the steps of a recording.
    configuration: { ...configuration, ...(!record.recording && { steps }), ...(isShort && { start }) },
    measured: measuredOf(run),
    verdict: run.verdict && {
      kind: run.verdict.kind,
      headline: run.verdict.headline,
      detail: run.verdict.detail,
      certainty: run.verdict.certainty,
    },
    final: outcome && {
      loss: outcome.final.loss,
      gradientNorm: outcome.final.gradNorm,
      params: first(outcome.final.params),
    },
    best: outcome && { loss: outcome.best.loss, step: outcome.best.t, params: first(outcome.best.params) },
    expectation: run.expectation,
    findings: record.findings.map((each) => ({
      id: each.id,
      code: each.code,
      severity: each.severity,
      headline: each.headline,
      place: placeOf(locationOfFinding(run, each), roots),
      fixes: each.fixes.map(({ id, title, verified }) => ({ id, title, isVerified: verified !== null })),
    })),
    problems: record.problems.map(({ code, severity, message, location }) => ({
      code,
      severity,
      message,
      place: placeOf(location, roots),
    })),
    quantities: run.quantities?.infos.map(({ quantity }) => quantity) ?? [],
  };
}

/** The summary in a few sentences. */
export function summaryText(run: Run, reference: string): string {
  const { record, verdict } = run;
  const { outcome, findings } = record;
  const codes = [...new Set(findings.map(({ code }) => code))];
  return [
    `Run ${reference} of ${record.source.lossName}, ${run.title}.`,
    ...(verdict ? [verdict.headline] : [`Status: ${run.summary}.`]),
    ...(outcome
      ? [`Final loss ${formatNumber(outcome.final.loss, 6)}, best ${formatNumber(outcome.best.loss, 6)}.`]
      : []),
    measuredSentence(run),
    codes.length === 0 ? 'No findings.' : `Findings: ${codes.join(', ')}.`,
  ].join(' ');
}
