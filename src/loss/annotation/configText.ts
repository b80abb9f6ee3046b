import { optionsOfGroup } from '../../core/config/groups';
import {
  type Expectation,
  type GroupConfig,
  isNamedStart,
  type RunConfigPatch,
  type Start,
} from '../../core/config/runConfig';
import { type TagName, tagNames, tags } from './annotationTags';

/** The annotation for a patch: [tag, text] in the order of the tag table. Keys that are null are omitted. */
export function formatConfig(patch: RunConfigPatch): [tag: TagName, text: string][] {
  return tagNames.flatMap((tag): [TagName, string][] => {
    const { key } = tags[tag];
    const value = key === null ? undefined : patch[key];
    const text = value === undefined || value === null ? '' : formatValue(tag, value);
    if (tags[tag].grammar === 'group')
      return ((value ?? []) as readonly GroupConfig[]).map((group) => [tag, formatGroup(group)]);
    if (tags[tag].grammar === 'flag') return value === true ? [[tag, '']] : [];
    return text === '' ? [] : [[tag, text]];
  });
}

/** The text of one tag for a value of its key. */
export function formatValue(tag: TagName, value: unknown): string {
  switch (tags[tag].grammar) {
    case 'vector':
      return formatVector(value as Start);
    case 'words':
      return (value as readonly string[]).map(formatWord).join(' ');
    case 'named':
    case 'options': {
      const { name, ...options } = value as Record<string, unknown>;
      return [...(name == null ? [] : [String(name)]), ...Object.entries(options).flatMap(formatOption)].join(
        ' ',
      );
    }
    case 'switch': {
      const { to, ...own } = value as Record<string, unknown>;
      const named = typeof to === 'string' ? { name: to } : ((to ?? {}) as Record<string, unknown>);
      const { name, ...options } = named;
      const words = Object.entries({ ...options, ...own }).flatMap(formatOption);
      return [...(name == null ? [] : [String(name)]), ...words].join(' ');
    }
    case 'flag':
      return value === true ? '' : formatScalar(value);
    case 'expectation': {
      const { loss, steps, above } = value as Expectation;
      return `loss${above ? '>' : '<'}${formatScalar(loss)}${steps === null ? '' : ` within ${formatScalar(steps)}`}`;
    }
    default:
      return formatScalar(value);
  }
}

/** A name that needs no quotes in a group. */
const partPattern =
  /^[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*|\[\d+(?:\.\.\d+)?\])*$/u;

/** `a b 4..9 lr=0.1` */
export function formatGroup(group: GroupConfig): string {
  const { names = [], ranges = [] } = group;
  const indices = ranges.map(([from, to]) => (from === to ? String(from) : `${from}..${to}`));
  const written = names.map((name) => (partPattern.test(name) ? name : quoted(name)));
  return [...written, ...indices, ...Object.entries(optionsOfGroup(group)).flatMap(formatOption)].join(' ');
}

function formatVector(start: Start): string {
  if (!isNamedStart(start)) return `[${start.map(formatScalar).join(', ')}]`;
  const entries = Object.entries(start);
  return entries.every(([name]) => /^[A-Za-z_]\w*$/.test(name))
    ? entries.flatMap(formatOption).join(' ')
    : `{${entries.map(([name, value]) => `${quoted(name)}: ${formatScalar(value)}`).join(', ')}}`;
}

export function formatOption([key, value]: readonly [string, unknown]): string[] {
  return value === null || value === undefined ? [] : [`${key}=${formatScalar(value)}`];
}

/** Numbers in the shortest form that parses to the same number. */
export function formatScalar(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatScalar).join(', ')}]`;
  return Object.is(value, -0) ? '-0' : String(value);
}

function formatWord(word: string): string {
  if (/^[^\s,"'[\]@*/\\]+(?:\[[\d.]+\][^\s,"'[\]@*/\\]*)*$/.test(word)) return word;
  return quoted(word);
}

/** An unescaped slash could close the comment, and an unescaped @ would start a tag. */
function quoted(word: string): string {
  return JSON.stringify(word).replace(/\//g, '\\/').replace(/@/g, '\\u0040');
}
