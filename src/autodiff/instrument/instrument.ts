import { scopesOf } from '../syntax/scopes';
import { accumulationsOf } from './accumulations';
import { assignments } from './assignments';
import { calls } from './calls';
import { globals } from './globals';
import { Kinds } from './kinds';
import { logic } from './logic';
import { loops } from './loopSums';
import { GeneratedNames } from './names';
import { operators } from './operators';
import { type Handlers, Rewrite } from './rewrite';
import { publishRuntime } from './runtimeImport';
import { showVariables } from './showVariables';
import type { SiteTable } from './siteTable';
import type { ModuleSource, TextEdits } from './source';
import { statements } from './statements';
import { patterns } from './targets';

const handlers: Handlers = {
  ...statements,
  ...patterns,
  ...operators,
  ...assignments,
  ...logic,
  ...calls,
  ...globals,
  ...loops,
};

/**
 * Instruments the arithmetic of a module, so that it also works on traced values: `a * b` becomes `$.mul(a,
 * b, 7)`, where 7 is the number of its place in `sites`. Operations on values that are certainly plain stay
 * native, which is faster.
 */
export function instrument(source: ModuleSource, edits: TextEdits, sites: SiteTable): void {
  const scopes = scopesOf(source.program);
  const kinds = new Kinds(source.program, scopes, source.lengthsAreCounts);
  const names = new GeneratedNames(source.text);
  const accumulations = accumulationsOf(source.program, scopes, kinds);
  const rewrite = new Rewrite({ source, edits, kinds, scopes, names, accumulations }, sites, handlers);
  rewrite.visit(source.program);
  declareDerivatives(rewrite);
  if (source.showsVariables) showVariables(rewrite);
  publishRuntime(source, edits, names);
}

/** Declares the rules at the end of the module. The functions are read later, when all imports are initialized. */
function declareDerivatives(rewrite: Rewrite): void {
  for (const { functionName, derivativeName, from, to } of rewrite.source.derivatives) {
    const names = [functionName, derivativeName].map((name) => JSON.stringify(name)).join(', ');
    const functions = `() => [${functionName}, ${derivativeName}]`;
    rewrite.edits.append(
      `\n;${rewrite.runtime}.derivative(${functions}, ${names}, ${rewrite.siteOfRange(from, to)});`,
    );
  }
}
