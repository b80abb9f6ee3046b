import * as vscode from 'vscode';
import type { OptionSpec, OptionSpecs } from '../../core/config/optionSpecs';
import { describeAllowed } from '../../core/config/optionSpecs';
import { presetNames, presets } from '../../core/config/presets';
import { mergePatches, resolveConfig } from '../../core/config/resolve';
import { precisions, type RunConfig, type RunConfigPatch } from '../../core/config/runConfig';
import { validatePatch } from '../../core/config/validate';
import { optimizerNames, optimizers } from '../../core/optimizers/registry';
import { scheduleNames, schedules } from '../../core/schedules/registry';
import { type TagName, tags } from '../../loss/annotation/annotationTags';
import { formatConfig, formatGroup } from '../../loss/annotation/configText';
import { problemOfGroup, readGroup } from '../../loss/annotation/groupText';
import { configIn, inTagsOf } from '../../loss/annotation/tagWords';
import type { Language } from '../../loss/source';
import { readStart } from '../../loss/start/startText';
import { notificationText } from '../notificationText';

export type Configured =
  | { readonly next: 'run' | 'write' | 'check'; readonly patch: RunConfigPatch }
  | undefined;

/** What the dialog shows of a loss. */
export interface Configurable {
  readonly name: string;
  /** Its annotation writes options in the notation of this language. */
  readonly language: Language;
  /** The names of the parameters and their number, as far as they are known. */
  readonly names: readonly string[] | null;
  readonly dim: number | null;
}

interface Choice extends vscode.QuickPickItem {
  readonly act: () => Promise<RunConfigPatch | 'run' | 'write' | 'check' | undefined>;
}

/**
 * The dialog *Configure…*: a list of all options with their values. Choosing one asks for its value and
 * returns to the list.
 *
 * @param below  the configuration from the annotation and the settings
 * @returns the changes, and whether to run with them, to write them or to check them; undefined if cancelled
 */
export async function configure(
  loss: Configurable,
  below: readonly RunConfigPatch[],
  changed: RunConfigPatch = {},
): Promise<Configured> {
  for (let patch = changed; ; ) {
    const { config, problems } = resolveConfig([...below, patch]);
    const choice = await vscode.window.showQuickPick(
      choices({ ...config, names: config.names ?? loss.names }, patch, loss),
      {
        title: `Configure ${loss.name}`,
        placeHolder:
          problems[0]?.message ??
          configIn(loss.language, patch)
            .map(([name, text]) => `${name} ${text}`)
            .join(', '),
        ignoreFocusOut: true,
      },
    );
    const answer = await choice?.act();
    if (answer === 'run' || answer === 'write' || answer === 'check') {
      if (problems.length === 0) return { next: answer, patch };
      void vscode.window.showErrorMessage(notificationText(problems[0]!.message));
    } else if (choice === undefined) return undefined;
    else if (answer) patch = mergePatches(patch, answer);
  }
}

function choices(config: RunConfig, patch: RunConfigPatch, { dim, language }: Configurable): Choice[] {
  const isChanged = Object.keys(patch).length > 0;
  return [
    { label: '$(play) Run', description: isChanged ? 'with these changes' : '', act: async () => 'run' },
    ...(isChanged
      ? [
          {
            label: '$(edit) Write to the annotation',
            description: 'without running',
            act: async () => 'write' as const,
          },
        ]
      : []),
    {
      label: '$(checklist) Check before the run',
      description: 'scales, learning rate, schedule, clipping, precision, validation, stopping rule',
      act: async () => 'check',
    },
    {
      label: '$(book) Preset',
      description: 'a recipe for a kind of loss, with its source',
      act: () => pickPreset(config.steps),
    },
    separator('Optimizer'),
    {
      label: 'optimizer',
      description: config.optimizer.name,
      detail: optimizers[config.optimizer.name].doc,
      act: () => pickName('optimizer', optimizerNames, (name) => optimizers[name].doc),
    },
    ...optionChoices('optimizer', config.optimizer, optimizers[config.optimizer.name].options, language),
    separator('Schedule and clipping'),
    {
      label: 'schedule',
      description: config.schedule?.name ?? 'constant',
      act: () => pickName('schedule', scheduleNames, (name) => schedules[name].doc),
    },
    ...(config.schedule
      ? optionChoices('schedule', config.schedule, schedules[config.schedule.name].options, language)
      : []),
    numberChoice('clip by norm', config.clip && 'norm' in config.clip ? config.clip.norm : null, (norm) => ({
      clip: norm === null ? null : { norm },
    })),
    numberChoice(
      'clip by value',
      config.clip && 'value' in config.clip ? config.clip.value : null,
      (value) => ({ clip: value === null ? null : { value } }),
    ),
    separator('Parameter groups'),
    ...groupChoices(config, dim, language),
    separator('Switch and precision'),
    {
      label: 'switch',
      description: config.switch ? `${config.switch.to.name} at ${config.switch.at}` : 'none',
      detail: docOf('switch', language),
      act: () => askSwitch(config),
    },
    {
      label: 'precision',
      description: config.precision,
      detail: docOf('precision', language),
      act: async () => {
        const precision = await pickWord('Which precision?', precisions);
        return precision && { precision };
      },
    },
    {
      label: inTagsOf(language, 'lossScale'),
      description: String(config.lossScale),
      detail: docOf('lossScale', language),
      act: () =>
        askText('lossScale: a number above 0, or dynamic', String(config.lossScale), (text) => ({
          lossScale: text.trim() === 'dynamic' ? 'dynamic' : numberIn(text),
        })),
    },
    separator('Run'),
    numberChoice('steps', config.steps, (steps) => (steps === null ? {} : { steps })),
    numberChoice('seed', config.seed, (seed) => (seed === null ? {} : { seed })),
    numberChoice('batch', config.batch, (batch) => ({ batch })),
    {
      label: 'start',
      description: config.start ? `[${config.start.join(', ')}]` : 'from the module',
      act: async () => {
        const start = await askText('start', config.start?.join(', ') ?? '', (text) => {
          const { start } = readStart(text);
          return start && validatePatch({ start }).length === 0
            ? { start }
            : 'Enter numbers separated by commas, such as -1.2, 1 or a=0, b=1';
        });
        return start;
      },
    },
  ];
}

/** The groups, each of which can be changed or removed, and one to add. */
function groupChoices(config: RunConfig, dim: number | null, language: Language): Choice[] {
  const groups = config.groups ?? [];
  const ask = (g: number) => askGroup(config, g, dim);
  return [
    ...groups.map((group, g) => ({
      label: `group ${g + 1}`,
      description: formatGroup(group),
      act: () => ask(g),
    })),
    {
      label: 'add a group',
      detail: docOf('group', language),
      act: () => ask(groups.length),
    },
  ];
}

async function askGroup(
  config: RunConfig,
  g: number,
  dim: number | null,
): Promise<RunConfigPatch | undefined> {
  const groups = config.groups ?? [];
  const given = groups[g];
  const removes = (text: string) => text.trim() === '' && given !== undefined;
  const withGroup = (text: string) => {
    const { group, wrong } = readGroup(text);
    return group ? [...groups.slice(0, g), group, ...groups.slice(g + 1)] : wrong;
  };
  const text = await vscode.window.showInputBox({
    title: given
      ? `group ${g + 1}: its parameters and their options; empty removes it`
      : `a group, such as ${tags.group.example}`,
    value: given ? formatGroup(given) : '',
    ignoreFocusOut: true,
    validateInput(input) {
      if (removes(input)) return undefined;
      const all = withGroup(input);
      return typeof all === 'string' ? all : problemOfGroup(all, g, config, dim);
    },
  });
  if (text === undefined) return undefined;
  const all = removes(text) ? groups.filter((_, k) => k !== g) : withGroup(text);
  return typeof all === 'string' ? undefined : { groups: all.length > 0 ? all : null };
}

/** The description of a tag as plain text. */
function docOf(tag: TagName, language: Language): string {
  return inTagsOf(language, tags[tag].doc.replaceAll('`', ''));
}

function separator(label: string): Choice {
  return { label, kind: vscode.QuickPickItemKind.Separator, act: async () => undefined };
}

async function pickName<N extends string>(
  what: 'optimizer' | 'schedule',
  names: readonly N[],
  docOf: (name: N) => string,
): Promise<RunConfigPatch | undefined> {
  const picked = await vscode.window.showQuickPick(
    names.map((name) => ({ label: name, detail: docOf(name) })),
    { title: `Which ${what}?`, ignoreFocusOut: true },
  );
  return picked && { [what]: { name: picked.label } };
}

/** A preset sets the optimizer, its schedule and what belongs to them; the other options stay. */
async function pickPreset(steps: number): Promise<RunConfigPatch | undefined> {
  const items = presetNames.map((name) => {
    const { doc, source, patch } = presets[name];
    const words = formatConfig(patch(steps)).map(([tag, text]) => `${tag} ${text}`);
    return { label: name, description: words.join(', '), detail: `${doc} ${source}`, patch: patch(steps) };
  });
  const picked = await vscode.window.showQuickPick(items, { title: 'Which preset?', ignoreFocusOut: true });
  return picked?.patch;
}

async function pickWord<W extends string>(title: string, words: readonly W[]): Promise<W | undefined> {
  return (await vscode.window.showQuickPick(words, { title, ignoreFocusOut: true })) as W | undefined;
}

/** Asks for the second optimizer, then for the step of the switch. */
async function askSwitch(config: RunConfig): Promise<RunConfigPatch | undefined> {
  const none = { label: 'none', detail: 'One optimizer for the whole run' };
  const picked = await vscode.window.showQuickPick(
    [none, ...optimizerNames.map((name) => ({ label: name, detail: optimizers[name].doc }))],
    { title: 'Switch to which optimizer?', ignoreFocusOut: true },
  );
  if (!picked) return undefined;
  if (picked === none) return { switch: null };
  const to = picked.label;
  const at = String(config.switch?.at ?? Math.max(1, Math.floor(config.steps / 2)));
  return askText('After which step? A number, or plateau', at, (text) => ({
    switch: { to, at: text.trim() === 'plateau' ? 'plateau' : numberIn(text) },
  }));
}

function numberIn(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function optionChoices(
  what: 'optimizer' | 'schedule',
  values: Readonly<Record<string, unknown>>,
  specs: OptionSpecs,
  language: Language,
): Choice[] {
  return Object.entries(specs).map(([option, spec]) => ({
    label: `    ${inTagsOf(language, option)}`,
    description: String(values[option] ?? spec.default),
    detail: `    ${spec.doc}`,
    act: () => askOption(what, option, spec, values[option] ?? spec.default),
  }));
}

async function askOption(
  what: 'optimizer' | 'schedule',
  option: string,
  spec: OptionSpec,
  value: unknown,
): Promise<RunConfigPatch | undefined> {
  if (spec.kind === 'boolean') return { [what]: { [option]: !value } };
  if (spec.kind === 'choice') {
    const picked = await pickWord(spec.doc, spec.choices);
    return picked === undefined ? undefined : { [what]: { [option]: picked } };
  }
  return askText(`${option}: ${describeAllowed(option, spec)}`, String(value), (text) => ({
    [what]: { [option]: spec.kind === 'ascending' ? text.split(',').map(numberIn) : numberIn(text) },
  }));
}

function numberChoice(
  label: string,
  value: number | null,
  patchOf: (value: number | null) => RunConfigPatch,
): Choice {
  return {
    label,
    description: value === null ? 'none' : String(value),
    act: () =>
      askText(label, value === null ? '' : String(value), (text) =>
        patchOf(text.trim() === '' ? null : Number(text)),
      ),
  };
}

/** Repeats the question until the text gives a patch without problems. */
async function askText(
  title: string,
  value: string,
  patchOf: (text: string) => RunConfigPatch | string,
): Promise<RunConfigPatch | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    value,
    ignoreFocusOut: true,
    validateInput(input) {
      const patch = patchOf(input);
      if (typeof patch === 'string') return patch;
      return resolveConfig([patch]).problems.find((problem) => problem.code !== 'missing')?.message;
    },
  });
  const patch = text === undefined ? undefined : patchOf(text);
  return typeof patch === 'string' ? undefined : patch;
}
