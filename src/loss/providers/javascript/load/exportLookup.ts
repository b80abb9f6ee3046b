import { importedNames } from './exportTable';
import type { CodeNode, GraphNode, ModuleGraph } from './moduleGraph';
import type { Resolution } from './resolve';

/** The kind of an imported name. `unknown`: it cannot be determined without running the module. */
export type Meaning = 'value' | 'type' | 'missing' | 'unknown';

/** Resolves exported names through the re-exports in a module graph. */
export class ExportLookup {
  readonly #graph: ModuleGraph;

  constructor(graph: ModuleGraph) {
    this.#graph = graph;
  }

  /** The module to which a specifier in a node resolves; null if it is not a module of the user. */
  target(node: CodeNode, specifier: string): GraphNode | null {
    const resolution = this.#resolution(node, specifier);
    return resolution?.kind === 'user' ? (this.#graph.nodes.get(resolution.file) ?? null) : null;
  }

  /** @param name  null for the whole namespace */
  meaning(node: CodeNode, specifier: string, name: string | null): Meaning {
    const resolution = this.#resolution(node, specifier);
    if (resolution?.kind === 'types') return 'type';
    const target = this.target(node, specifier);
    if (name === null) return 'value';
    return target ? this.#exported(target, name, new Set()) : 'unknown';
  }

  /** All names that a module is known to export as values. */
  valueNames(node: GraphNode, seen = new Set<GraphNode>()): string[] {
    if (seen.has(node)) return [];
    seen.add(node);
    if (node.kind === 'json') return ['default', ...node.keys];
    const own = [...node.exports.entries.keys()].filter(
      (name) => this.#exported(node, name, new Set()) === 'value',
    );
    const starred = node.exports.stars.flatMap((specifier) => {
      const target = this.target(node, specifier);
      return target ? this.valueNames(target, seen).filter((name) => name !== 'default') : [];
    });
    return [...new Set([...own, ...starred])];
  }

  /** For each module, the names that other modules of the graph import from it. */
  askedNames(): Map<GraphNode, Set<string>> {
    const asked = new Map<GraphNode, Set<string>>();
    const ask = (node: CodeNode, specifier: string, name: string | null) => {
      const target = this.target(node, specifier);
      if (!target || name === null) return;
      const names = asked.get(target) ?? new Set();
      asked.set(target, names.add(name));
    };
    for (const node of this.#graph.nodes.values()) {
      if (node.kind !== 'code') continue;
      for (const { specifier, name } of importedNames(node.module.program).values())
        ask(node, specifier, name);
      for (const entry of node.exports.entries.values())
        if (entry.kind === 'from') ask(node, entry.specifier, entry.name);
    }
    return asked;
  }

  #exported(node: GraphNode, name: string, seen: Set<string>): Meaning {
    const key = `${node.file}\0${name}`;
    if (seen.has(key)) return 'missing';
    seen.add(key);
    if (node.kind === 'json')
      return node.isAsset || name === 'default' || node.keys.includes(name) ? 'value' : 'missing';
    const entry = node.exports.entries.get(name);
    if (entry && entry.kind !== 'from') return entry.kind;
    if (entry?.kind === 'from') {
      if (this.#resolution(node, entry.specifier)?.kind === 'types') return 'type';
      const target = this.target(node, entry.specifier);
      // An import that is used only as a type has no resolution.
      if (!target) return this.#resolution(node, entry.specifier) ? 'unknown' : 'type';
      return entry.name === null ? 'value' : this.#exported(target, entry.name, seen);
    }
    if (node.exports.isOpen) return 'unknown';
    if (name === 'default') return 'missing';
    let meaning: Meaning = 'missing';
    for (const specifier of node.exports.stars) {
      const target = this.target(node, specifier);
      const found: Meaning = target
        ? this.#exported(target, name, seen)
        : this.#resolution(node, specifier)?.kind === 'types'
          ? 'type'
          : 'unknown';
      if (found === 'value' || found === 'type') return found;
      if (found === 'unknown') meaning = 'unknown';
    }
    return meaning;
  }

  #resolution(node: CodeNode, specifier: string): Resolution | null {
    return node.imports.get(specifier) ?? null;
  }
}
