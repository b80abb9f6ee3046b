import type { GeneratedNames } from './names';
import { endOf, type ModuleSource, startOf, type TextEdits } from './source';

/** Key on globalThis under which the worker offers the runtime to the modules that it publishes. */
export const runtimeKey = 'adamscope.autodiff';

/** The module through which all rewritten ones get the runtime. */
export const runtimeModule = `'use strict';\nmodule.exports = globalThis[Symbol.for(${JSON.stringify(runtimeKey)})];\n`;

/** Gives a module the runtime and the helpers that it uses. Lines stay where they are. */
export function publishRuntime(source: ModuleSource, edits: TextEdits, names: GeneratedNames): void {
  const declarations = names.declarations();
  if (!names.usesRuntime) {
    if (declarations !== '') edits.append(`\n${declarations}`);
    return;
  }
  const specifier = JSON.stringify(source.runtimeSpecifier);
  if (source.format === 'esm') {
    edits.append(`\nimport ${names.runtime()} from ${specifier}; ${declarations}`);
    return;
  }
  const { program } = source;
  const directive = program.directives.at(-1);
  const first = program.body[0];
  const at = directive ? endOf(directive) : first ? startOf(first) : source.text.length;
  edits.insert(at, `;var ${names.runtime()} = require(${specifier}); `);
  if (declarations !== '') edits.append(`\n${declarations}`);
}
