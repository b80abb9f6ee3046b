import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { runtimeKey } from '../../../../src/autodiff/instrument/runtimeImport';
import type { Runtime } from '../../../../src/autodiff/runtime/api';
import type { Sites } from '../../../../src/autodiff/sites';
import { instrumentation } from '../../../../src/loss/providers/javascript/load/instrumentation';
import { type Linked, link } from '../../../../src/loss/providers/javascript/load/link';
import type { Sources } from '../../../../src/loss/sources';
import { type Exports, load, Workspace } from '../../loss/workspace';
import { passThrough } from './passThrough';

export interface Instrumented {
  readonly linked: Linked;
  readonly sites: Sites;
}

/** Links a program whose arithmetic is rewritten. */
export async function linkInstrumented(
  entry: string,
  sources: Sources,
  folder: string,
): Promise<Instrumented> {
  const passes = instrumentation();
  const linked = await link(entry, sources, mkdtempSync(join(folder, '.published-')), passes);
  return { linked, sites: passes.siteTable.sites };
}

/** Imports a rewritten program with this runtime. */
export async function loadInstrumented(
  { linked }: Instrumented,
  runtime: Runtime = passThrough(),
): Promise<Exports> {
  (globalThis as Record<symbol, unknown>)[Symbol.for(runtimeKey)] = runtime;
  return load(linked);
}

/** A program in its original and in its rewritten form. The first file is the entry. */
export async function bothWays(files: Readonly<Record<string, string>>) {
  const workspace = new Workspace(files);
  const entry = workspace.path(Object.keys(files)[0]!);
  const plain = await workspace.load(Object.keys(files)[0]!);
  const instrumented = await linkInstrumented(entry, workspace, workspace.root);
  return { plain, rewritten: await loadInstrumented(instrumented), ...instrumented };
}

/** The result or error of a call, and what it logs, as text. */
export async function outcomeOf(call: (log: (...values: unknown[]) => unknown) => unknown): Promise<string> {
  const lines: string[] = [];
  const show = (value: unknown) => inspect(value, { depth: 6, compact: true });
  const log = (...values: unknown[]) => {
    lines.push(values.map(show).join(' '));
    return values.at(-1);
  };
  try {
    lines.push(`gives ${show(await call(log))}`);
  } catch (error) {
    lines.push(`throws ${thrown(error, show)}`);
  }
  return lines.join('\n');
}

/** The engine's messages quote expressions, which differ in rewritten code. */
function thrown(error: unknown, show: (value: unknown) => string): string {
  if (!(error instanceof Error)) return show(error);
  return /^(?:TypeError|ReferenceError)$/.test(error.name) ? error.name : `${error.name}: ${error.message}`;
}
