import { describeAllowed, type OptionSpec, type OptionSpecs } from '../../core/config/optionSpecs';
import { readEntry, sizeOfEntry } from '../../core/coordinates/nameEntry';
import { optimizers } from '../../core/optimizers/registry';
import { schedules } from '../../core/schedules/registry';
import type { SourceLocation } from '../../core/sourceLocation';
import { lossAt } from '../discovery/discover';
import { namesAtTop } from '../discovery/javascript/derivatives';
import { parseTolerantly } from '../discovery/javascript/syntaxTree';
import { languageOf } from '../language';
import { LineMap } from '../places/lineMap';
import type { Language } from '../source';
import { isTagName, type TagName, tagNamesOf, tags } from './annotationTags';
import { ValueReader } from './annotationValue';
import type { AssistStyle } from './assistStyle';
import type { TaggedComment } from './commentStyle';
import { formatValue } from './configText';
import { jsdocAssist } from './jsdoc/jsdocAssist';
import type { Notation } from './notation';
import type { RawTag } from './placedText';
import { pythonAssist } from './python/pythonAssist';
import { styleOf } from './styles';

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
  const help = helpFor(text, file, offset);
  if (!help) return [];
  const { style, comment } = help;
  const { newTag, tag } = style.placeAt(comment, offset);
  return [
    ...(tag && isTagName(tag.name, help.language) ? valueItems(help, tag.name, tag.nameTo, offset) : []),
    ...(newTag === null ? [] : tagItems(help, newTag, offset, tag)),
  ];
}

/** A comment, and how its language writes. */
interface Help {
  readonly language: Language;
  readonly style: AssistStyle;
  readonly notation: Notation;
  readonly comment: TaggedComment;
  reworded(text: string): string;
}

function helpFor(text: string, file: string, offset: number): Help | null {
  const language = languageOf(file);
  const style = assistStyles[language];
  const place = style.commentAt(text, file, offset);
  if (!place) return null;
  const { readTags, notationIn, reworded } = styleOf(language);
  const { from, to } = place;
  const comment = { lines: new LineMap(file, text), from, to, tags: readTags(text, from, to) };
  return { language, style, notation: notationIn(comment), comment, reworded };
}

const assistStyles: { readonly [L in Language]: AssistStyle } = {
  javascript: jsdocAssist,
  python: pythonAssist,
};

/** Zeros for the coordinates that the function of the comment declares. */
function startItems({ style, notation, comment }: Help, location: SourceLocation): AnnotationItem[] {
  const { text, file } = comment.lines;
  const loss = lossAt(text, file, style.functionOf(text, comment));
  const { parameterNames, form } = loss ?? { parameterNames: null, form: null };
  const dim = form && 'arity' in form.vector ? form.vector.arity : (parameterNames?.length ?? null);
  if (dim === null) return [];
  const zeros = new Array<number>(dim).fill(0);
  const start =
    form?.vector.kind === 'object' && parameterNames
      ? Object.fromEntries(parameterNames.map((name) => [name, 0]))
      : zeros;
  const label = formatValue('start', start, notation);
  return [{ label, kind: 'value', doc: style.doc('start'), insertText: label, location }];
}

/** The names that the function of the comment declares, or its vector with the range of its indices. */
function namesItems({ style, notation, comment }: Help, location: SourceLocation): AnnotationItem[] {
  const { text, file } = comment.lines;
  const loss = lossAt(text, file, style.functionOf(text, comment));
  const { parameterNames = null, parameter = null, dim = null } = loss ?? {};
  const names = parameterNames ?? [`${parameter?.name ?? 'w'}[0..${(dim ?? 10) - 1}]`];
  const label = formatValue('names', names, notation);
  return [{ label, kind: 'value', doc: style.doc('names'), insertText: label, location }];
}

/** The names that the module declares or imports: the functions whose derivative may follow. */
function functionItems({ style, comment: { lines } }: Help, offset: number): AnnotationItem[] {
  const { text, file } = lines;
  const word = /[\p{ID_Continue}$]*$/u.exec(text.slice(0, offset))![0];
  const location = lines.location(offset - word.length, style.wordEnd(text, offset));
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
  const help = helpFor(text, file, offset);
  if (!help) return null;
  const { style, comment, language, reworded } = help;
  const { lines } = comment;
  const tag = comment.tags.findLast(({ from }) => from <= offset);
  if (!tag || !isTagName(tag.name, language) || offset > tag.to) return null;
  if (offset <= tag.nameTo)
    return { doc: tagDoc(tag.name, style), location: lines.location(tag.from, tag.nameTo) };
  if (tag.name === 'names') return entryHover(tag, offset, lines);
  const from = Math.max(tag.nameTo, style.wordStart(text, offset));
  const to = style.wordEnd(text, offset);
  const doc = wordDoc(tag.name, style.canonical(text.slice(from, to), tag.name), tag.value.text);
  return doc === null ? null : { doc: reworded(doc), location: lines.location(from, to) };
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

function tagItems(
  { language, style, comment: { lines, tags: present } }: Help,
  from: number,
  offset: number,
  preceding: RawTag | null,
): AnnotationItem[] {
  const taken = new Set(present.filter((tag) => tag.from !== from).map(({ name }) => name));
  const location = lines.location(from, style.wordEnd(lines.text, offset));
  return tagNamesOf(language)
    .filter((name) => !taken.has(name))
    .map((name) => ({
      label: style.label(name),
      kind: 'tag',
      doc: tagDoc(name, style),
      insertText: style.opening(name, preceding),
      location,
    }));
}

function valueItems(help: Help, tag: TagName, nameTo: number, offset: number): AnnotationItem[] {
  const { style, notation, reworded } = help;
  const { lines } = help.comment;
  const written = lines.text.slice(nameTo, offset);
  const isEmpty = written.trim() === '';
  if (tag === 'derivative') return functionItems(help, offset);
  if (tag === 'names') return isEmpty ? namesItems(help, lines.location(offset, offset)) : [];
  if (tag === 'start' && isEmpty) return startItems(help, lines.location(offset, offset));
  const word = /[\w.+-]*$/.exec(written)![0];
  const location = lines.location(offset - word.length, style.wordEnd(lines.text, offset));
  const head = style.canonical(written.slice(0, written.length - word.length), tag);
  const item = (
    kind: AnnotationItem['kind'],
    label: string,
    doc: string,
    insertText = label,
  ): AnnotationItem => ({ label, kind, doc: reworded(doc), insertText, location });
  const optionItem = (option: string, doc: string) =>
    item('option', notation.key(option), doc, `${notation.key(option)}=`);
  const { words } = tags[tag];
  if (words && head.trim() === '') return words.map((word) => item('value', word, style.doc(tag)));
  const key = /([A-Za-z]\w*)\s*=\s*$/.exec(head)?.[1];
  const named = byTag[tag];
  if (named && head.trim() === '') {
    const names = Object.entries(named).map(([name, definition]) =>
      item('name', name, definitionDoc(name, definition)),
    );
    return tag === 'schedule' ? [...names, item('name', 'none', 'Keeps the learning rate constant.')] : names;
  }
  const isPresent = (option: string) => new RegExp(`\\b${option}\\s*=`).test(head);
  const own = Object.entries(plainOptions[tag] ?? {}).map(([option, doc]) => optionItem(option, doc));
  if (named) {
    const name = /^\s*([A-Za-z]\w*)(?!\s*=)\b/.exec(head)?.[1] ?? '';
    const specs = Object.hasOwn(named, name) ? named[name]!.options : {};
    if (key !== undefined) {
      const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
      return spec ? valuesOf(spec).map((value) => item('value', value, optionDoc(key, spec))) : [];
    }
    const optional = Object.entries(specs)
      .filter(([option]) => !isPresent(option))
      .map(([option, spec]) => optionItem(option, optionDoc(option, spec)));
    return [...optional, ...own];
  }
  return key === undefined ? own : [];
}

/** The values of an option to offer. */
function valuesOf(spec: OptionSpec): string[] {
  switch (spec.kind) {
    case 'boolean':
      return ['true', 'false'];
    case 'choice':
      return [...spec.choices];
    default:
      return typeof spec.default === 'number' ? [String(spec.default)] : [];
  }
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

function tagDoc(name: TagName, style: AssistStyle): string {
  return `${style.doc(name)}\n\n\`${style.example(name)}\``;
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
