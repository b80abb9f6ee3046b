import { describeAllowed, type OptionSpecs } from '../core/config/optionSpecs';
import { toJson } from '../core/numerics/json';
import { optimizers } from '../core/optimizers/registry';
import { schedules } from '../core/schedules/registry';
import { BadInput } from './badInput';

interface Definition {
  readonly title: string;
  readonly doc: string;
  readonly options: OptionSpecs;
}

/** `adamscope options`: prints all optimizers and schedules, or the options of one of them. */
export function options(name: string | undefined, { json }: { readonly json?: boolean }): void {
  const all: Readonly<Record<string, Definition>> = { ...optimizers, ...schedules };
  if (name !== undefined) {
    const definition = Object.hasOwn(all, name) ? all[name] : undefined;
    if (!definition)
      throw new BadInput(`unknown optimizer or schedule ${name}; available: ${Object.keys(all).join(', ')}`);
    const { title, doc, options: specs } = definition;
    console.log(json ? toJson({ name, title, doc, options: specs }, 2) : textOf(name, definition));
  } else if (json) console.log(toJson({ optimizers: named(optimizers), schedules: named(schedules) }, 2));
  else console.log(['Optimizers', ...lines(optimizers), '', 'Schedules', ...lines(schedules)].join('\n'));
}

function textOf(name: string, { title, doc, options: specs }: Definition): string {
  const each = Object.entries(specs).map(
    ([option, spec]) =>
      `  ${option}  ${spec.doc} Default ${Array.isArray(spec.default) ? spec.default.join(', ') : spec.default}; ${describeAllowed(option, spec)}.`,
  );
  return [`${title} (${name}): ${doc}`, ...each].join('\n');
}

function lines(definitions: Readonly<Record<string, Definition>>): string[] {
  return Object.entries(definitions).map(([name, { doc }]) => `  ${name.padEnd(16)}${doc}`);
}

function named(definitions: Readonly<Record<string, Definition>>) {
  return Object.entries(definitions).map(([name, { title, doc, options: specs }]) => ({
    name,
    title,
    doc,
    options: specs,
  }));
}
