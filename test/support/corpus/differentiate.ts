import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cuts } from '../../../src/autodiff/cuts';
import { runtimeKey } from '../../../src/autodiff/instrument/runtimeImport';
import { originOfNonFinite } from '../../../src/autodiff/provenance';
import { Refusal } from '../../../src/autodiff/refusal';
import { trustTexts } from '../../../src/autodiff/runtime/callees';
import { $ } from '../../../src/autodiff/runtime/index';
import { type Sites, siteAt } from '../../../src/autodiff/sites';
import { type TracedLoss, tracedObjective } from '../../../src/autodiff/tracedObjective';
import type { SourceLocation } from '../../../src/core/sourceLocation';
import { DiskSources } from '../../../src/loss/diskSources';
import { LineMap } from '../../../src/loss/places/lineMap';
import { vectorCall } from '../../../src/loss/providers/javascript/callArguments';
import { instrumentation } from '../../../src/loss/providers/javascript/load/instrumentation';
import { type Linked, link } from '../../../src/loss/providers/javascript/load/link';
import { locateError } from '../../../src/loss/providers/javascript/load/locateError';
import type { GradientCase, Point } from '../../corpus/gradients/case';
import type { ProvenanceCase } from '../../corpus/provenance/case';
import { calledForm } from './calledForm';
import type { Found, Outcome, Spot } from './judge';
import { contextOf, importFunction } from './program';
import { gradientsFolder, provenanceFolder } from './tables';

interface Program {
  readonly loss: TracedLoss;
  readonly linked: Linked;
  readonly sites: Sites;
  readonly refused: Outcome | null;
}

const programs = new WeakMap<GradientCase, Promise<Program>>();

/** The gradient at a point. All points of a case are evaluated by one program, as in a run. */
export async function differentiate(gradientCase: GradientCase, point: Point): Promise<Outcome> {
  let program = programs.get(gradientCase);
  if (!program) {
    program = load(gradientsFolder, gradientCase);
    programs.set(gradientCase, program);
  }
  const { loss, refused, linked, sites } = await program;
  if (refused) return refused;
  const gradient = new Float64Array(point.at.length);
  const open = () => contextOf(point.context);
  cuts.start();
  try {
    const value = await tracedObjective(loss).valueAndGradient(Float64Array.from(point.at), gradient, open);
    const notes = cuts.take().flatMap(({ site }) => spotOf(siteAt(sites, site)) ?? []);
    return { kind: 'exact', value, gradient: [...gradient], notes };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const spot = spotOf(siteAt(sites, error.site)) ?? spotOfLocation(locateError(error, linked));
    return { kind: 'refused', code: error.code, message: error.message, spot };
  }
}

/** The place at which the loss or its gradient became non-finite. */
export async function originOf(c: ProvenanceCase): Promise<Found | null> {
  const { loss, sites } = await load(provenanceFolder, { ...c, dim: c.at.length });
  const origin = await originOfNonFinite(loss, Float64Array.from(c.at), () => contextOf());
  if (!origin) return null;
  const { pass, inputs: operands, result: made } = origin;
  return { spot: spotOf(siteAt(sites, origin.site)), pass, operands, made };
}

async function load(
  folder: string,
  lossCase: Pick<GradientCase, 'file' | 'loss' | 'dim' | 'names'>,
): Promise<Program> {
  const { file, loss, dim } = lossCase;
  const directory = mkdtempSync(path.join(tmpdir(), 'adamscope-corpus-'));
  try {
    const passes = instrumentation();
    const linked = await link(path.join(folder, file), new DiskSources(), directory, passes);
    (globalThis as Record<symbol, unknown>)[Symbol.for(runtimeKey)] = $;
    trustTexts(linked.texts.values());
    const form = calledForm(folder, lossCase);
    const call = vectorCall(await importFunction(linked, loss), form, $);
    const notANumber = (result: unknown) => new TypeError(`${loss} gave ${String(result)}`);
    return {
      loss: { dim, call, notANumber },
      linked,
      sites: passes.siteTable.sites,
      refused: refusedBefore(linked),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The first place that cannot be rewritten. */
function refusedBefore({ problems }: Linked): Outcome | null {
  const problem = problems.find(({ code }) => code === 'no-exact-gradient');
  if (!problem) return null;
  const { code, message, location } = problem;
  return { kind: 'refused', code, message, spot: spotOfLocation(location) };
}

function spotOf(site: Spot | null): Spot | null {
  return site && { file: site.file, from: site.from, to: site.to };
}

function spotOfLocation(location: SourceLocation | null): Spot | null {
  if (!location) return null;
  const { file, line, column, endLine, endColumn } = location;
  const lines = new LineMap(file, new DiskSources().read(file)!);
  return { file, from: lines.offset(line, column), to: lines.offset(endLine, endColumn) };
}
