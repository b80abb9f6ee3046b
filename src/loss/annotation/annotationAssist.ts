import { describeAllowed, type OptionSpec, type OptionSpecs } from '../../core/config/optionSpecs';
import { readEntry, sizeOfEntry } from '../../core/coordinates/nameEntry';
import { optimizers } from '../../core/optimizers/registry';
import { schedules } from '../../core/schedules/registry';
import type { SourceLocation } from '../../core/sourceLocation';
import { lossAt } from '../discovery/discover';
import { namesAtTop } from '../discovery/javascript/derivatives';
import { parseTolerantly } from '../discovery/javascript/syntaxTree';
import { LineMap } from '../places/lineMap';
import { isTagName, type TagName, tagNamesOf, tags } from './annotationTags';
import { ValueReader } from './annotationValue';
import { formatValue } from './configText';
import { readTags } from './jsdoc/readTags';
import type { RawTag } from './placedText';

/** A completion at a place in an annotation. */
export interface AnnotationItem {
  readonly label: string;
  readonly kind: 'tag' | 'name' | 'option' | 'value';
  /** Markdown. */
  readonly doc: string;
  readonly insertText: string;
  /** The text that it replaces. */
  readonly location: SourceLocation;
}

export interface AnnotationHover {
  /** Markdown. */
  readonly doc: string;
  readonly location: SourceLocation;
}

interface Definition {
  readonly title: string;
  readonly doc: string;
  readonly options: OptionSpecs;
}

const byTag: { readonly [N in TagName]?: Readonly<Record<string, Definition>> } = {
  optimizer: optimizers,
  optimizerStep: optimizers,
  schedule: schedules,
  switch: optimizers,
};

/** The options of any optimizer that a group can have, with the description of the first one. */
const groupOptions: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(optimizers)
    .toReversed()
    .flatMap(({ options }) => Object.entries<OptionSpec>(options))
    .filter(([option]) => option !== 'dialect')
    .map(([option, { doc }]) => [option, doc]),
);

/** The options of tags without a name. */
const plainOptions: { readonly [N in TagName]?: Readonly<Record<string, string>> } = {
  group: groupOptions,
  clip: {
    norm: 'Upper limit of the Euclidean norm of the gradient.',
    value: 'Upper limit of the absolute value of each gradient component.',
  },
  earlyStopping: {
    patience: 'Number of epochs without improvement (without samples: steps) after which the run ends.',
    minDelta: 'An improvement is a decrease of the loss by more than this.',
  },
  switch: {
    at: 'The last step of the first optimizer, or `plateau`.',
    patience:
      'With `at=plateau`: number of steps (with samples: epochs) without improvement. Default: a tenth of the steps.',
  },
};

/** The completions at an offset; empty outside the comment of a loss. */
export function completions(text: string, file: string, offset: number): AnnotationItem[] {
  const comment = docCommentAt(text, file, offset);
  if (!comment) return [];
  const lines = new LineMap(file, text);
  const before = text.slice(Math.max(comment.from + 3, lines.lineStart(offset)), offset);
  const tagStart = /(?:^|[\s*])@(\w*)$/.exec(before);
  if (tagStart) {
    const from = offset - tagStart[1]!.length - 1;
    const location = lines.location(from, wordEnd(text, offset));
    return tagItems(readTags(text, comment.from, comment.to), from, location);
  }
  const tag = readTags(text, comment.from, comment.to).findLast(({ nameTo }) => nameTo < offset);
  if (!tag || !isTagName(tag.name, 'javascript') || !continues(tag, text, offset)) return [];
  const value = text.slice(tag.nameTo, offset);
  if (tag.name === 'derivative') return functionItems(text, file, offset, lines);
  if (tag.name === 'names')
    return value.trim() === '' ? namesItems(text, file, comment.to, lines.location(offset, offset)) : [];
  return tag.name === 'start' && value.trim() === ''
    ? startItems(text, file, comment.to, lines.location(offset, offset))
    : valueItems(tag.name, value, text, offset, lines);
}

/** Zeros for the coordinates that the function after the comment declares. */
function startItems(text: string, file: string, end: number, location: SourceLocation): AnnotationItem[] {
  const loss = lossAt(text, file, end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0));
  const { parameterNames, form } = loss ?? { parameterNames: null, form: null };
  const dim = form && 'arity' in form.vector ? form.vector.arity : (parameterNames?.length ?? null);
  if (dim === null) return [];
  const zeros = new Array<number>(dim).fill(0);
  const start =
    form?.vector.kind === 'object' && parameterNames
      ? Object.fromEntries(parameterNames.map((name) => [name, 0]))
      : zeros;
  const label = formatValue('start', start);
  return [{ label, kind: 'value', doc: tags.start.doc, insertText: label, location }];
}

/** The names that the function after the comment declares, or its vector with the range of its indices. */
function namesItems(text: string, file: string, end: number, location: SourceLocation): AnnotationItem[] {
  const loss = lossAt(text, file, end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0));
  const { parameterNames = null, parameter = null, dim = null } = loss ?? {};
  const names = parameterNames ?? [`${parameter?.name ?? 'w'}[0..${(dim ?? 10) - 1}]`];
  const label = formatValue('names', names);
  return [{ label, kind: 'value', doc: tags.names.doc, insertText: label, location }];
}

/** The names that the module declares or imports: the functions whose derivative may follow. */
function functionItems(text: string, file: string, offset: number, lines: LineMap): AnnotationItem[] {
  const word = /[\p{ID_Continue}$]*$/u.exec(text.slice(0, offset))![0];
  const location = lines.location(offset - word.length, wordEnd(text, offset));
  return namesAtTop(parseTolerantly(text, file), text).map((label) => ({
    label,
    kind: 'name',
    doc: tags.derivative.doc,
    insertText: label,
    location,
  }));
}

/** The meaning of a word in an annotation; null if it has none. */
export function hover(text: string, file: string, offset: number): AnnotationHover | null {
  const comment = docCommentAt(text, file, offset);
  if (!comment) return null;
  const lines = new LineMap(file, text);
  const tag = readTags(text, comment.from, comment.to).findLast(({ from }) => from <= offset);
  if (!tag || !isTagName(tag.name, 'javascript')) return null;
  if (offset <= tag.nameTo) return { doc: tagDoc(tag.name), location: lines.location(tag.from, tag.nameTo) };
  if (offset > tag.to) return null;
  if (tag.name === 'names') return entryHover(tag, offset, lines);
  let from = offset;
  while (from > tag.nameTo && /\w/.test(text[from - 1]!)) from--;
  const to = wordEnd(text, offset);
  const doc = wordDoc(tag.name, text.slice(from, to), tag.value.text);
  return doc === null ? null : { doc, location: lines.location(from, to) };
}

/** The coordinates that an entry of `@names` names. */
function entryHover(tag: RawTag, offset: number, lines: LineMap): AnnotationHover | null {
  const entries = new ValueReader(tag.value, { from: tag.from, to: tag.nameTo }).words()?.value ?? [];
  const index = entries.findIndex(({ from, to }) => from <= offset && offset <= to);
  const read = entries.slice(0, index + 1).map(({ value }) => readEntry(value));
  const sizes = read.map((entry) => ('problem' in entry ? Number.NaN : sizeOfEntry(entry)));
  const size = sizes.at(-1) ?? Number.NaN;
  const first = sizes.slice(0, -1).reduce((sum, each) => sum + each, 0);
  if (index < 0 || Number.isNaN(first + size)) return null;
  const { value, from, to } = entries[index]!;
  const which = size === 1 ? `coordinate ${first}` : `${size} coordinates, ${first} to ${first + size - 1}`;
  return { doc: `\`${value}\`: ${which}`, location: lines.location(from, to) };
}

function tagItems(present: readonly RawTag[], from: number, location: SourceLocation): AnnotationItem[] {
  const taken = new Set(present.filter((tag) => tag.from !== from).map(({ name }) => name));
  return tagNamesOf('javascript')
    .filter((name) => !taken.has(name))
    .map((name) => ({
      label: `@${name}`,
      kind: 'tag',
      doc: tagDoc(name),
      insertText: `@${name}${tags[name].example === '' ? '' : ' '}`,
      location,
    }));
}

function valueItems(
  tag: TagName,
  before: string,
  text: string,
  offset: number,
  lines: LineMap,
): AnnotationItem[] {
  const word = /[\w.+-]*$/.exec(before)![0];
  const location = lines.location(offset - word.length, wordEnd(text, offset));
  const head = before.slice(0, before.length - word.length);
  const item = (
    kind: AnnotationItem['kind'],
    label: string,
    doc: string,
    insertText = label,
  ): AnnotationItem => ({
    label,
    kind,
    doc,
    insertText,
    location,
  });
  const { words } = tags[tag];
  if (words && head.trim() === '') return words.map((word) => item('value', word, tags[tag].doc));
  const key = /([A-Za-z]\w*)\s*=\s*$/.exec(head)?.[1];
  const named = byTag[tag];
  if (named && head.trim() === '') {
    const names = Object.entries(named).map(([name, definition]) =>
      item('name', name, definitionDoc(name, definition)),
    );
    return tag === 'schedule' ? [...names, item('name', 'none', 'Keeps the learning rate constant.')] : names;
  }
  if (named) {
    const name = /^\s*([A-Za-z]\w*)(?!\s*=)\b/.exec(before)?.[1] ?? '';
    const specs = Object.hasOwn(named, name) ? named[name]!.options : {};
    if (key !== undefined) {
      const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
      if (!spec) return [];
      const values =
        spec.kind === 'boolean'
          ? ['true', 'false']
          : spec.kind === 'choice'
            ? [...spec.choices]
            : typeof spec.default === 'number'
              ? [String(spec.default)]
              : [];
      return values.map((value) => item('value', value, optionDoc(key, spec)));
    }
    const own = Object.entries(plainOptions[tag] ?? {}).map(([option, doc]) =>
      item('option', option, doc, `${option}=`),
    );
    const optional = Object.entries(specs)
      .filter(([option]) => !new RegExp(`\\b${option}\\s*=`).test(head))
      .map(([option, spec]) => item('option', option, optionDoc(option, spec), `${option}=`));
    return [...optional, ...own];
  }
  const plain = plainOptions[tag];
  if (!plain || key !== undefined) return [];
  return Object.entries(plain).map(([option, doc]) => item('option', option, doc, `${option}=`));
}

function wordDoc(tag: TagName, word: string, value: string): string | null {
  const named = byTag[tag];
  if (named) {
    if (Object.hasOwn(named, word)) return definitionDoc(word, named[word]!);
    const name = /^[A-Za-z]\w*/.exec(value)?.[0] ?? '';
    const specs = Object.hasOwn(named, name) ? named[name]!.options : {};
    if (Object.hasOwn(specs, word)) return optionDoc(word, specs[word]!);
  }
  const plain = plainOptions[tag] ?? {};
  return Object.hasOwn(plain, word) ? `\`${word}\`: ${plain[word]}` : null;
}

function tagDoc(name: TagName): string {
  const { doc, example } = tags[name];
  return `${doc}\n\n\`@${name}${example === '' ? '' : ` ${example}`}\``;
}

function definitionDoc(name: string, { title, doc, options }: Definition): string {
  const list = Object.entries(options).map(([option, spec]) => `- ${optionDoc(option, spec)}`);
  return [`**${title}** (\`${name}\`)`, doc, list.join('\n')].filter((part) => part !== '').join('\n\n');
}

function optionDoc(option: string, spec: OptionSpec): string {
  const range = describeAllowed(option, spec);
  const allowed = range === option ? '' : `; \`${range}\``;
  return `\`${option}\`: ${spec.doc} Default \`${spec.default}\`${allowed}.`;
}

/** Whether an offset belongs to a tag: on its lines, or where an option could follow. */
function continues(tag: RawTag, text: string, offset: number): boolean {
  return offset <= tag.to || !/[\r\n]/.test(text.slice(tag.to, offset));
}

function wordEnd(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && /\w/.test(text[end]!)) end++;
  return end;
}

/** The doc comment around an offset, if it has one of our tags or precedes a declaration that can be a loss. */
function docCommentAt(text: string, file: string, offset: number): { from: number; to: number } | null {
  for (let node = parseTolerantly(text, file).resolveInner(offset, 0); ; ) {
    if (node.name === 'BlockComment') {
      const { from, to } = node;
      if (offset < from + 3 || offset > to - 2 || !text.startsWith('/**', from)) return null;
      const isOurs = readTags(text, from, to).some(({ name }) => isTagName(name, 'javascript'));
      const isBeforeFunction =
        /^\s*(?:(?:export|function|async|const|let|static)\b|module\.|exports\.|[\w$]+\s*[(:])/.test(
          text.slice(to),
        );
      return isOurs || isBeforeFunction ? { from, to } : null;
    }
    const { parent } = node;
    if (!parent) return null;
    node = parent;
  }
}
