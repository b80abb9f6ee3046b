import { nearest } from '../../core/config/nearest';
import type { ConfigProblem, RunConfigPatch } from '../../core/config/runConfig';
import { validatePatch } from '../../core/config/validate';
import type { SourceLocation } from '../../core/sourceLocation';
import type { Annotation, AnnotationTag } from '../declaration';
import type { LineMap } from '../places/lineMap';
import type { ProblemCode, SourceProblem } from '../problem';
import type { Language } from '../source';
import { isTagName, type TagName, tags } from './annotationTags';

import { type Placed, type PlacedOption, parseNumber, type Span, ValueReader } from './annotationValue';
import type { CommentStyle } from './commentStyle';
import { optionKeysOf } from './optionKeys';
import type { RawTag } from './placedText';
import { styleOf } from './styles';

/** Values that reset a tag's key: `@schedule none`. */
const nothing = new Set(['none', 'null', 'off']);

/**
 * Reads the comment `text[from, to)`, including its delimiters: a JSDoc comment; in Python, a block of `#` lines or a docstring.
 * A value that cannot be read or is invalid becomes a problem at its place and is not in the patch.
 */
export function readAnnotation(lines: LineMap, from: number, to: number, language: Language): Annotation {
  const style = styleOf(language);
  const raw = style.readTags(lines.text, from, to);
  const reading = new Reading(lines, style);
  for (const tag of raw) reading.tag(tag);
  reading.validate();
  return {
    location: lines.location(from, to),
    tags: reading.tags,
    patch: reading.patch as RunConfigPatch,
    words: reading.words,
    problems: reading.problems,
    places: reading.places,
    options: reading.options,
  };
}

class Reading {
  readonly tags: AnnotationTag[] = [];
  readonly problems: SourceProblem[] = [];
  readonly places = new Map<string, SourceLocation>();
  readonly options = new Map<string, SourceLocation>();
  patch: Record<string, unknown> = {};
  readonly words = new Map<TagName, string>();
  /** The place of the key of a path, for a problem of the key instead of its value. */
  readonly #keys = new Map<string, SourceLocation>();
  readonly #seen = new Set<TagName>();

  readonly #lines: LineMap;
  readonly #style: CommentStyle;

  constructor(lines: LineMap, style: CommentStyle) {
    this.#lines = lines;
    this.#style = style;
  }

  tag(raw: RawTag): void {
    if (!isTagName(raw.name, this.#style.language)) {
      this.#unknown(raw);
      return;
    }
    const name = raw.name;
    const nameLocation = this.#lines.location(raw.from, raw.nameTo);
    this.tags.push({ name, location: this.#lines.location(raw.from, raw.to), nameLocation });
    if (this.#seen.has(name) && tags[name].grammar !== 'group') {
      this.#report(
        'duplicate-tag',
        'warning',
        `${this.#style.mention(name)} appears twice; the first one is used`,
        raw,
      );
      return;
    }
    this.#seen.add(name);
    const reader = new ValueReader(raw.value, { from: raw.from, to: raw.nameTo });
    this.#value(name, reader);
    for (const { code, message, from, to, replacement } of reader.problems)
      this.#report(
        code,
        code === 'unexpected-text' ? 'warning' : 'error',
        code === 'unexpected-text' ? message + this.#whereItBelongs(from, to) : message,
        { from, to },
        replacement,
      );
  }

  /** Where an option of the optimizer belongs that follows another tag: after `optimizer=adam`. */
  #whereItBelongs(from: number, to: number): string {
    const key = /^([\w-]+)\s*=/.exec(this.#lines.text.slice(from, to))?.[1];
    const option =
      key && optionKeysOf('optimizer').find((each) => this.#style.notationIn(null).key(each) === key);
    return option ? `; write it after ${this.#style.written('optimizer', 'adam')}` : '';
  }

  /** Validates the patch and removes invalid values from it. */
  validate(): void {
    for (const problem of validatePatch(this.patch)) {
      this.#configProblem(problem);
      // Options are meaningless without the optimizer or schedule to which they belong.
      const isName = problem.code === 'unknown-name' && problem.path.at(-1) === 'name';
      // The places of the other groups, and the coordinates of the other names, would change if one were removed.
      const isWhole = isName || problem.path[0] === 'groups' || problem.path[0] === 'names';
      const path = isWhole ? problem.path.slice(0, 1) : problem.path;
      this.patch = without(this.patch, path) as Record<string, unknown>;
    }
  }

  #value(name: TagName, reader: ValueReader): void {
    const { grammar, key } = tags[name];
    switch (grammar) {
      case 'text':
        return;
      case 'vector': {
        const vector = reader.vector();
        this.#set(key, vector);
        for (const { key: name, value, from, to } of vector?.options ?? []) {
          this.places.set(`${key}.${name.value}`, this.#lines.location(value.from, value.to));
          this.options.set(`${key}.${name.value}`, this.#lines.location(from, to));
        }
        // Words may follow as a comment; an option there would be ignored without notice.
        if (reader.isAtOption) break;
        return;
      }
      case 'words':
        this.#words(key, reader);
        return;
      case 'number':
        this.#set(key, reader.number('a number'));
        break;
      case 'word': {
        const word = reader.word('a name');
        if (key === null) this.#wordOf(name, word);
        else this.#set(key, word);
        break;
      }
      case 'numberOrWord': {
        const word = reader.word('a number or a word');
        const number = word && parseNumber(word.value);
        this.#set(key, word && number !== null ? { ...word, value: number } : word);
        break;
      }
      case 'flag':
        this.#set(key, reader.flag());
        break;
      case 'expectation':
        this.#set(key, reader.expectation());
        break;
      case 'switch':
        this.#switch(reader);
        return;
      case 'group':
        this.#group(reader);
        return;
      case 'named':
      case 'options':
        this.#options(name, reader);
        return;
    }
    reader.finish();
  }

  /** The word of a tag that sets no key. */
  #wordOf(tag: TagName, word: Placed<string> | null): void {
    if (!word) return;
    const { words } = tags[tag];
    if (words && !words.includes(word.value)) {
      const near = nearest(word.value, words);
      const hint = near === undefined ? `write ${words.join(', ')}` : `did you mean ${near}?`;
      this.#report('unknown-name', 'error', `unknown ${tag} ${word.value}; ${hint}`, word, near);
      return;
    }
    this.words.set(tag, word.value);
    this.places.set(tag, this.#lines.location(word.from, word.to));
  }

  #words(key: string | null, reader: ValueReader): void {
    const words = reader.words();
    this.#set(key, words && { ...words, value: words.value.map(({ value }) => value) });
    for (const [index, word] of words?.value.entries() ?? [])
      this.places.set(`${key}.${index}`, this.#lines.location(word.from, word.to));
  }

  #options(tag: TagName, reader: ValueReader): void {
    const { grammar, example } = tags[tag];
    // @optimizerStep marks an optimizer instead of a loss, so the key `optimizer` is free for its reference.
    const key = tag === 'optimizerStep' ? 'optimizer' : tags[tag].key;
    if (reader.atEnd) {
      reader.word(`a value such as ${example}`);
      return;
    }
    const name = reader.name();
    if (name && nothing.has(name.value)) {
      this.#set(key, { ...name, value: null });
      reader.finish();
      return;
    }
    const values: Record<string, unknown> = {};
    const options = reader.options();
    if (name && grammar === 'options')
      options.unshift({ ...name, key: name, value: { ...name, value: true } });
    if (key === null) return;
    if (name && grammar === 'named') {
      values.name = name.value;
      this.places.set(`${key}.name`, this.#lines.location(name.from, name.to));
    }
    for (const option of options) this.#option(key, option, values);
    const first = name ?? options[0];
    if (!first) return;
    this.places.set(
      key,
      this.#lines.location(first.from, Math.max(first.to, ...options.map(({ to }) => to))),
    );
    this.patch[key] = values;
  }

  /** The second optimizer, with `at` and `patience` among its options. */
  #switch(reader: ValueReader): void {
    if (reader.atEnd) {
      reader.word(`a value such as ${tags.switch.example}`);
      return;
    }
    const name = reader.name();
    if (name && nothing.has(name.value)) {
      this.#set('switch', { ...name, value: null });
      reader.finish();
      return;
    }
    const own: Record<string, unknown> = {};
    const to: Record<string, unknown> = {};
    if (name) {
      to.name = name.value;
      this.places.set('switch.to.name', this.#lines.location(name.from, name.to));
    }
    const options = reader.options();
    for (const option of options) {
      const isOwn = option.key.value === 'at' || option.key.value === 'patience';
      this.#option(isOwn ? 'switch' : 'switch.to', option, isOwn ? own : to);
    }
    const first = name ?? options[0];
    if (!first) return;
    const end = Math.max(first.to, ...options.map((option) => option.to));
    this.places.set('switch', this.#lines.location(first.from, end));
    this.patch.switch = name || Object.keys(to).length > 0 ? { to, ...own } : own;
  }

  /** One of several groups: the coordinates, and their options. */
  #group(reader: ValueReader): void {
    if (reader.atEnd) {
      reader.word(`a value such as ${tags.group.example}`);
      return;
    }
    const { selectors, names, ranges } = reader.selection();
    const options = reader.options();
    const groups = (this.patch.groups ?? []) as Record<string, unknown>[];
    const key = `groups.${groups.length}`;
    const group: Record<string, unknown> = {};
    for (const option of options) this.#option(key, option, group);
    const spans: readonly Span[] = [...selectors, ...options];
    const [first] = spans;
    if (!first) return;
    const place = this.#lines.location(first.from, Math.max(...spans.map(({ to }) => to)));
    this.places.set(key, place);
    if (!this.places.has('groups')) this.places.set('groups', place);
    this.patch.groups = [
      ...groups,
      { ...(names.length > 0 && { names }), ...(ranges.length > 0 && { ranges }), ...group },
    ];
  }

  #option(key: string, option: PlacedOption, values: Record<string, unknown>): void {
    const path = `${key}.${option.key.value}`;
    if (option.key.value === 'name' || Object.hasOwn(values, option.key.value)) {
      const message =
        option.key.value === 'name'
          ? 'write the name first, without name='
          : `${option.key.value} appears twice; the first one is used`;
      this.#report('duplicate-option', 'warning', message, option);
      return;
    }
    values[option.key.value] = option.value.value;
    this.places.set(path, this.#lines.location(option.value.from, option.value.to));
    this.#keys.set(path, this.#lines.location(option.key.from, option.key.to));
    this.options.set(path, this.#lines.location(option.from, option.to));
  }

  #set(key: string | null, placed: (Span & { readonly value: unknown }) | null): void {
    if (key === null || placed === null) return;
    this.patch[key] = placed.value;
    this.places.set(key, this.#lines.location(placed.from, placed.to));
  }

  #unknown(raw: RawTag): void {
    const span = { from: raw.from, to: raw.nameTo };
    const written = this.#lines.text.slice(raw.from, raw.nameTo);
    const near = this.#style.nearestTag(raw.name);
    if (!near) {
      if (!written.endsWith('=')) return;
      const message = `unknown tag ${written}; write an option after its tag, as in @optimizer adam lr=0.05`;
      this.#report('unknown-tag', 'warning', message, span);
      return;
    }
    const meant = this.#style.mention(near);
    this.#report('unknown-tag', 'warning', `unknown tag ${written}; did you mean ${meant}?`, span, meant);
  }

  #configProblem({ path, code, message, suggestion }: ConfigProblem): void {
    const at = path.join('.');
    const location =
      (code === 'unknown-option' ? this.#keys.get(at) : undefined) ??
      this.places.get(at) ??
      this.places.get(path.slice(0, 2).join('.')) ??
      this.places.get(path[0] ?? '');
    if (!location) return;
    const key = code === 'unknown-option' ? this.#keys.get(at) : undefined;
    const replacement =
      suggestion === undefined
        ? {}
        : { replacement: key ? this.#style.notationIn(null).key(suggestion) : suggestion };
    this.problems.push({
      code,
      severity: 'error',
      message: this.#style.reworded(key ? this.#asWritten(message, path.at(-1)!, key) : message),
      location,
      ...replacement,
    });
  }

  /** The message with a key as the user wrote it. */
  #asWritten(message: string, key: string, location: SourceLocation): string {
    const { from, to } = this.#lines.range(location);
    return message.replace(JSON.stringify(key), () => JSON.stringify(this.#lines.text.slice(from, to)));
  }

  #report(
    code: ProblemCode,
    severity: SourceProblem['severity'],
    message: string,
    { from, to }: Span,
    replacement?: string,
  ): void {
    const location = this.#lines.location(from, to);
    this.problems.push({
      code,
      severity,
      message: this.#style.reworded(message),
      location,
      ...(replacement === undefined ? {} : { replacement }),
    });
  }
}

/** The object without the value at the path. */
function without(value: unknown, [head, ...rest]: readonly string[]): unknown {
  if (head === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { [head]: inner, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...others, [head]: without(inner, rest) };
}
