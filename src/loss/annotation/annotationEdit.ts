import { type GroupConfig, isNamedStart, type RunConfigPatch } from '../../core/config/runConfig';
import type { SourceLocation } from '../../core/sourceLocation';
import type { LossDeclaration } from '../declaration';
import { LineMap } from '../places/lineMap';
import { fitStart } from '../start/vectorStart';
import { type TagName, tagNames, tags } from './annotationTags';
import { readTags } from './annotationText';
import { type PlacedOption, ValueReader } from './annotationValue';
import { formatGroup, formatOption, formatScalar, formatValue } from './configText';
import type { RawTag } from './placedText';

/** Replaces the text at the location by `text`; an empty location inserts. */
export interface TextEdit {
  readonly location: SourceLocation;
  readonly text: string;
}

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
  const written = withNamedStart(declaration, patch);
  return declaration.annotation
    ? new AnnotationEditor(lines, declaration, declaration.annotation.location).edits(written)
    : newComment(lines, declaration, written);
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

function newComment(lines: LineMap, declaration: LossDeclaration, patch: RunConfigPatch): TextEdit[] {
  const added = tagNames.flatMap((tag) => addition(tag, patch));
  if (added.length === 0) return [];
  const at = lines.range(declaration.statement).from;
  const before = lines.text.slice(lines.lineStart(at), at);
  const indent = /^\s*/.exec(before)?.[0] ?? '';
  const end = lineEnd(lines.text);
  const body = ['@loss', ...added].map((line) => `${indent} * ${line}${end}`).join('');
  // If text precedes the declaration in its line, the comment goes between them.
  const lead = before.trim() === '' ? '' : end + indent;
  return [{ location: lines.location(at, at), text: `${lead}/**${end}${body}${indent} */${end}${indent}` }];
}

/** The line that adds a tag for its key in the patch; none if the patch does not set it. */
function addition(tag: TagName, patch: RunConfigPatch): string[] {
  const { key } = tags[tag];
  const value = key === null ? undefined : patch[key];
  if (value === undefined || value === null) return [];
  if (tags[tag].grammar === 'group')
    return (value as readonly GroupConfig[]).map((group) => `@${tag} ${formatGroup(group)}`);
  const text = formatValue(tag, value);
  if (tags[tag].grammar === 'flag') return value === true ? [`@${tag}`] : [];
  return text === '' ? [] : [`@${tag} ${text}`];
}

class AnnotationEditor {
  readonly #lines: LineMap;
  readonly #declaration: LossDeclaration;
  readonly #from: number;
  readonly #to: number;
  readonly #tags: readonly RawTag[];
  readonly #edits: TextEdit[] = [];

  constructor(lines: LineMap, declaration: LossDeclaration, comment: SourceLocation) {
    this.#lines = lines;
    this.#declaration = declaration;
    const { from, to } = lines.range(comment);
    this.#from = from;
    this.#to = to;
    this.#tags = readTags(lines.text, from, to);
  }

  edits(patch: RunConfigPatch): TextEdit[] {
    const marked = this.#tags.some((tag) => tag.name === 'loss');
    const added = this.#declaration.foundBy === 'cursor' && !marked ? ['@loss'] : [];
    for (const tag of tagNames) {
      const { key } = tags[tag];
      const value = tag === 'group' ? this.#groups(patch) : key === null ? undefined : patch[key];
      if (value === undefined) continue;
      const existing = this.#tags.find(({ name }) => name === tag);
      if (tags[tag].grammar === 'group') {
        for (const each of this.#tags.filter(({ name }) => name === tag)) this.#remove(each);
        if (value !== null) added.push(...addition(tag, patch));
        continue;
      }
      if (!existing) added.push(...addition(tag, patch));
      else if (value === null || (tags[tag].grammar === 'flag' && value === false)) this.#remove(existing);
      else if (tags[tag].grammar === 'named' || tags[tag].grammar === 'options')
        this.#options(tag, existing, value as Record<string, unknown>);
      else this.#replaceValue(existing, formatValue(tag, value));
    }
    if (added.length > 0) this.#add(added);
    return this.#edits;
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
      const text = formatValue(tag, value);
      if (text === '') this.#remove(existing);
      else this.#replaceValue(existing, text);
      return;
    }
    const removals = options.filter(({ key }) => changes[key.value] === null);
    if (removals.length > 0 && removals.length === options.length && !name) {
      const rest = Object.entries(changes).flatMap(formatOption);
      if (rest.length === 0) this.#remove(existing);
      else this.#replaceValue(existing, rest.join(' '));
      return;
    }
    const added: string[] = [];
    for (const [key, value] of Object.entries(changes)) {
      const option = current.get(key);
      if (option && value === null) this.#removeOption(option);
      else if (option) this.#changeOption(option, value);
      else added.push(...formatOption([key, value]));
    }
    if (added.length > 0) {
      const end = existing.to;
      this.#edit(end, end, ` ${added.join(' ')}`);
    }
  }

  #changeOption(option: PlacedOption, value: unknown): void {
    const { from, to } = option.value;
    if (from === option.key.from)
      this.#edit(option.from, option.to, formatOption([option.key.value, value]).join(''));
    else if (this.#lines.text.slice(from, to) !== formatScalar(value))
      this.#edit(from, to, formatScalar(value));
  }

  #removeOption(option: PlacedOption): void {
    const { text } = this.#lines;
    let from = option.from;
    while (from > this.#from && /[ \t,]/.test(text[from - 1]!)) from--;
    // One space after the tag's name is kept for the next option.
    const isFirst = this.#tags.some(({ nameTo }) => nameTo === from);
    if (!isFirst) {
      this.#edit(from, option.to, '');
      return;
    }
    let to = option.to;
    while (/[ \t,]/.test(text[to] ?? '')) to++;
    this.#edit(option.from, to, '');
  }

  #replaceValue(tag: RawTag, text: string): void {
    if (tag.value.text === '' && text !== '') this.#edit(tag.nameTo, tag.nameTo, ` ${text}`);
    else if (tag.value.text !== text) this.#edit(tag.valueFrom, tag.to, text);
  }

  /** Removes a tag, and its line if it contains nothing else. */
  #remove(tag: RawTag): void {
    const { text } = this.#lines;
    const end = tag.to;
    const start = this.#lines.lineStart(tag.from);
    const next = /^[ \t]*(?:\r\n|\n|\r)/.exec(text.slice(end))?.[0];
    const isAlone = /^[ \t]*\*?[ \t]*$/.test(text.slice(start, tag.from)) && next !== undefined;
    if (isAlone && start > this.#from) {
      this.#edit(start, end + next.length, '');
      return;
    }
    let from = tag.from;
    while (from > this.#from + 3 && /[ \t]/.test(text[from - 1]!)) from--;
    this.#edit(from, end, '');
  }

  #add(added: readonly string[]): void {
    const { text } = this.#lines;
    const comment = text.slice(this.#from, this.#to);
    const end = lineEnd(text);
    const indent = /^\s*/.exec(text.slice(this.#lines.lineStart(this.#from), this.#from))?.[0] ?? '';
    if (!/[\r\n]/.test(comment)) {
      // One line becomes several: its text, the tags, the end.
      const body = comment.slice(3, -2);
      const lead = body.length - body.trimStart().length;
      const trail = body.trim() === '' ? 0 : body.length - body.trimEnd().length;
      if (body.trim() !== '') this.#edit(this.#from + 3, this.#from + 3 + lead, `${end}${indent} * `);
      const at = body.trim() === '' ? this.#from + 3 : this.#to - 2 - trail;
      const lines = added.map((line) => `${end}${indent} * ${line}`).join('');
      this.#edit(at, this.#to - 2, `${lines}${end}${indent} `);
      return;
    }
    const last = this.#tags.findLast(({ name }) => (tagNames as readonly string[]).includes(name));
    const removed =
      last && this.#edits.some(({ location, text: put }) => put === '' && this.#covers(location, last));
    if (last && !removed) {
      const start = text.slice(this.#lines.lineStart(last.from), last.from);
      const prefix = /^\s*\*[ \t]*$/.test(start) ? start : `${indent} * `;
      const at = last.to;
      this.#edit(at, at, added.map((line) => `${end}${prefix}${line}`).join(''));
      return;
    }
    const close = this.#to - 2;
    const closing = text.slice(this.#lines.lineStart(close), close);
    const isOwnLine = closing.trim() === '';
    const at = isOwnLine ? this.#lines.lineStart(close) : close - (closing.length - closing.trimEnd().length);
    const lines = added.map((line) => `${indent} * ${line}`);
    if (isOwnLine) this.#edit(at, at, lines.map((line) => line + end).join(''));
    else this.#edit(at, close, `${lines.map((line) => end + line).join('')}${end}${indent} `);
  }

  #covers(location: SourceLocation, tag: RawTag): boolean {
    const { from, to } = this.#lines.range(location);
    return from <= tag.from && to >= tag.to;
  }

  #edit(from: number, to: number, text: string): void {
    const location = this.#lines.location(from, to);
    // Insertions at the same place become one edit, because the order of separate edits is undefined.
    const same = this.#edits.findIndex((edit) => {
      const range = this.#lines.range(edit.location);
      return from === to && range.from === from && range.to === to;
    });
    if (same < 0) this.#edits.push({ location, text });
    else this.#edits[same] = { location, text: this.#edits[same]!.text + text };
  }
}

/** The line end that a text uses. */
function lineEnd(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}
