import { SiteTable } from '../../../../autodiff/instrument/siteTable';
import type { CodeNode, ModuleGraph } from './moduleGraph';
import type { ChosenPackages } from './packages/chosenPackages';
import type { Pass } from './pass';

/** Properties of all modules of a program that decide how one of them is rewritten. */
export interface ProgramFacts {
  /** Whether code that is not rewritten may be called. */
  readonly mayCallForeign: boolean;
  /** Whether functions may have derivative rules: those of a package, or by `@derivative`. */
  readonly hasCallRules: boolean;
  /** Whether there is an `@derivative`. */
  readonly hasOwnCallRules: boolean;
  /** Whether every `length` is a count, because no module defines one of its own. */
  readonly lengthsAreCounts: boolean;
}

/** A program whose modules are rewritten. */
export interface Program extends ProgramFacts {
  readonly chosen: ChosenPackages;
}

/** Additional passes for exact gradients, and the files that the rewritten modules import. */
export interface MorePasses {
  /** The places of the operations that these passes number. */
  readonly siteTable: SiteTable;
  passes(node: CodeNode, graph: ModuleGraph, program: Program): readonly Pass[];
  factsOf(graph: ModuleGraph, chosen: ChosenPackages): ProgramFacts;
  /** The files that the rewritten modules import: their texts, by name. They are published beside the modules. */
  readonly files: ReadonlyMap<string, string>;
}

/** For a program that is loaded as it is. */
export const noMorePasses: MorePasses = {
  siteTable: new SiteTable(),
  passes: () => [],
  factsOf: () => ({
    mayCallForeign: false,
    hasCallRules: false,
    hasOwnCallRules: false,
    lengthsAreCounts: true,
  }),
  files: new Map(),
};
