import { type GroupConfig, isNamedStart, type RunConfigPatch } from '../../core/config/runConfig';
import type { LossDeclaration } from '../declaration';
import { LineMap } from '../places/lineMap';
import { fitStart } from '../start/vectorStart';
import { type TagName, tagNames, tags } from './annotationTags';
import { type PlacedOption, type Span, ValueReader } from './annotationValue';
import type { CommentStyle, NewTag, TaggedComment } from './commentStyle';
import { formatGroup, formatOption, formatValue } from './configText';
import { formatScalar, type Notation } from './notation';
import type { RawTag } from './placedText';
import { removedRanges } from './removedRanges';
import { styleOf } from './styles';
import { type TextEdit, TextEdits } from './textEdits';

/**
 * The smallest edits that write a patch into the annotation of a loss. For a changed option only the text of its value changes; a
 * new option is added after the last one; null removes an option. If there is no comment, one is created.
 */
export function editAnnotation(
  text: string,
  declaration: LossDeclaration,
  patch: RunConfigPatch,
): TextEdit[] {
  const lines = new LineMap(declaration.file, text);
  const style = styleOf(declaration.language);
  const edits = new TextEdits(lines);
  const written = withNamedStart(declaration, patch);
  const comment = commentOf(declaration, lines, style);
  if (comment) new AnnotationEditor(comment, declaration, style, edits).write(written);
  else {
    const added = tagNames.flatMap((tag) => additions(tag, written, style.notationIn(null)));
    const at = lines.range(declaration.statement).from;
    if (added.length > 0) style.newComment(lines, at, [['loss', ''], ...added], edits);
  }
  return edits.all;
}

function commentOf(
  { annotation }: LossDeclaration,
  lines: LineMap,
  style: CommentStyle,
): TaggedComment | null {
  if (!annotation) return null;
  const { from, to } = lines.range(annotation.location);
  if (!style.takesTags(lines.text, from, to)) return null;
  return { lines, from, to, tags: style.readTags(lines.text, from, to) };
}

/** The patch with names in its start, if the loss takes an object or its annotation names the numbers. */
function withNamedStart(declaration: LossDeclaration, patch: RunConfigPatch): RunConfigPatch {
  const { start } = patch;
  if (!start || isNamedStart(start)) return patch;
  const { form, annotation } = declaration;
  const before = annotation?.patch.start;
  const { names } = fitStart(declaration, before ?? null);
  const isNamed = form.vector.kind === 'object' || (before != null && isNamedStart(before));
  if (!isNamed || names?.length !== start.length) return patch;
  return { ...patch, start: Object.fromEntries(names.map((name, i) => [name, start[i]!])) };
}

/** The tags that hold the value of a tag's key in the patch; none if the patch does not set it. */
function additions(tag: TagName, patch: RunConfigPatch, notation: Notation): NewTag[] {
  const { key, grammar } = tags[tag];
  const value = key === null ? undefined : patch[key];
  if (value === undefined || value === null) return [];
  if (grammar === 'group')
    return (value as readonly GroupConfig[]).map((group) => [tag, formatGroup(group, notation)]);
  if (grammar === 'flag') return value === true ? [[tag, '']] : [];
  const text = formatValue(tag, value, notation);
  return text === '' ? [] : [[tag, text]];
}

class AnnotationEditor {
  readonly #comment: TaggedComment;
  readonly #declaration: LossDeclaration;
  readonly #style: CommentStyle;
  readonly #notation: Notation;
  readonly #edits: TextEdits;
  readonly #removed = new Set<RawTag>();

  constructor(comment: TaggedComment, declaration: LossDeclaration, style: CommentStyle, edits: TextEdits) {
    this.#comment = comment;
    this.#declaration = declaration;
    this.#style = style;
    this.#notation = style.notationIn(comment);
    this.#edits = edits;
  }

  write(patch: RunConfigPatch): void {
    const { tags: present } = this.#comment;
    const marked = present.some((tag) => tag.name === 'loss');
    const added: NewTag[] = this.#declaration.foundBy === 'cursor' && !marked ? [['loss', '']] : [];
    for (const tag of tagNames) {
      const { key, grammar } = tags[tag];
      const value = tag === 'group' ? this.#groups(patch) : key === null ? undefined : patch[key];
      if (value === undefined) continue;
      const existing = present.find(({ name }) => name === tag);
      if (grammar === 'group') {
        for (const each of present.filter(({ name }) => name === tag)) this.#removed.add(each);
        if (value !== null) added.push(...additions(tag, patch, this.#notation));
        continue;
      }
      if (!existing) added.push(...additions(tag, patch, this.#notation));
      else if (value === null || (grammar === 'flag' && value === false)) this.#removed.add(existing);
      else if (grammar === 'named' || grammar === 'options')
        this.#options(tag, existing, value as Record<string, unknown>);
      else this.#replaceValue(existing, formatValue(tag, value, this.#notation));
    }
    this.#style.changeTags(this.#comment, this.#removed, added, this.#edits);
  }

  /** Another optimizer discards the groups, whose options are those of the one before: as `mergePatches` does. */
  #groups({ groups, optimizer }: RunConfigPatch): RunConfigPatch['groups'] {
    const before = this.#declaration.annotation?.patch.optimizer?.name ?? 'adam';
    const isRenamed = optimizer?.name != null && optimizer.name !== before;
    return groups === undefined && isRenamed ? null : groups;
  }

  #options(tag: TagName, existing: RawTag, patch: Readonly<Record<string, unknown>>): void {
    const reader = new ValueReader(existing.value, { from: existing.from, to: existing.nameTo });
    const name = tags[tag].grammar === 'named' ? reader.name() : null;
    const options = reader.options();
    const { name: newName, ...changes } = patch;
    const isRenamed = newName !== undefined && newName !== null && newName !== name?.value;
    const current = new Map(options.map((option) => [option.key.value, option] as const));
    // Clipping is by norm or by value, so the other one is removed.
    const isOther =
      tag === 'clip' && Object.keys(changes).some((key) => changes[key] != null && !current.has(key));
    if (
      isRenamed ||
      isOther ||
      reader.problems.length > 0 ||
      (name && /^(?:none|null|off)$/.test(name.value))
    ) {
      const kept =
        isRenamed || isOther
          ? {}
          : Object.fromEntries(options.map(({ key, value }) => [key.value, value.value]));
      const ownName = newName ?? (isRenamed || isOther ? undefined : name?.value);
      const value = { ...(ownName == null ? {} : { name: ownName }), ...kept, ...changes };
      const text = formatValue(tag, value, this.#notation);
      if (text === '') this.#removed.add(existing);
      else this.#replaceValue(existing, text);
      return;
    }
    const removals = options.filter(({ key }) => changes[key.value] === null);
    if (removals.length > 0 && removals.length === options.length && !name) {
      const rest = Object.entries(changes).flatMap((option) => formatOption(option, this.#notation));
      if (rest.length === 0) this.#removed.add(existing);
      else this.#replaceValue(existing, rest.join(' '));
      return;
    }
    this.#removeOptions(existing, name, options, removals);
    const added: string[] = [];
    for (const [key, value] of Object.entries(changes)) {
      const option = current.get(key);
      if (option && value === null) continue;
      if (option) this.#changeOption(option, value);
      else added.push(...formatOption([key, value], this.#notation));
    }
    if (added.length > 0) this.#edits.insert(existing.to, ` ${added.join(' ')}`);
  }

  #removeOptions(
    tag: RawTag,
    name: Span | null,
    options: readonly PlacedOption[],
    removed: readonly PlacedOption[],
  ): void {
    const { text } = this.#comment.lines;
    const items = options.map((option) => ({
      from: option.from,
      to: withClosingQuote(text, option, tag.to),
      isRemoved: removed.includes(option),
    }));
    const head = { from: tag.from, to: name?.to ?? tag.nameTo, isRemoved: false };
    for (const { from, to } of removedRanges(text, [head, ...items], ({ isRemoved }) => isRemoved))
      this.#edits.remove(from, to);
  }

  #changeOption(option: PlacedOption, value: unknown): void {
    const { from, to } = option.value;
    const text = formatScalar(value);
    if (from === option.key.from)
      this.#edits.replace(
        option.from,
        option.to,
        formatOption([option.key.value, value], this.#notation).join(''),
      );
    else if (formatScalar(option.value.value) !== text) this.#edits.replace(from, to, text);
  }

  #replaceValue(tag: RawTag, text: string): void {
    if (tag.value.text === '' && text !== '')
      this.#edits.insert(tag.nameTo, this.#style.beforeValue(this.#comment.lines.text, tag) + text);
    else if (tag.value.text !== text) this.#edits.replace(tag.valueFrom, tag.to, text);
  }
}

/** The end of an option. The quotes around a value are no part of its place. */
function withClosingQuote(text: string, { from, to }: Span, end: number): number {
  const quote = text[to];
  if (to >= end || (quote !== '"' && quote !== "'")) return to;
  return text.slice(from, to).split(quote).length % 2 === 0 ? to + 1 : to;
}
