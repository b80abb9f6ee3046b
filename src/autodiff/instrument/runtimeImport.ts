import type { GeneratedNames } from './names';
import { endOf, type ModuleSource, startOf, type TextEdits } from './source';

/** The key on globalThis under which the worker provides the runtime to published modules. */
export const runtimeKey = 'adamscope.autodiff';

/** The module from which all instrumented modules import the runtime. */
export const runtimeModule = `'use strict';\nmodule.exports = globalThis[Symbol.for(${JSON.stringify(runtimeKey)})];\n`;

/** Adds the import of the runtime and the used helpers to a module without changing line numbers. */
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
