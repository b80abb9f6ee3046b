import { optionsOfGroup } from '../../core/config/groups';
import {
  type Expectation,
  type GroupConfig,
  isNamedStart,
  type RunConfigPatch,
  type Start,
} from '../../core/config/runConfig';
import { type TagName, tagNames, tags } from './annotationTags';
import { jsdocNotation } from './jsdoc/jsdocNotation';
import { formatScalar, type Notation } from './notation';

/** The annotation for a patch: [tag, text] in the order of the tag table. Keys that are null are omitted. */
export function formatConfig(
  patch: RunConfigPatch,
  notation = jsdocNotation,
): [tag: TagName, text: string][] {
  return tagNames.flatMap((tag): [TagName, string][] => {
    const { key } = tags[tag];
    const value = key === null ? undefined : patch[key];
    const text = value === undefined || value === null ? '' : formatValue(tag, value, notation);
    if (tags[tag].grammar === 'group')
      return ((value ?? []) as readonly GroupConfig[]).map((group) => [tag, formatGroup(group, notation)]);
    if (tags[tag].grammar === 'flag') return value === true ? [[tag, '']] : [];
    return text === '' ? [] : [[tag, text]];
  });
}

/** The text of one tag for a value of its key. */
export function formatValue(tag: TagName, value: unknown, notation = jsdocNotation): string {
  const formatOptions = (options: object) =>
    Object.entries(options).flatMap((option) => formatOption(option, notation));
  switch (tags[tag].grammar) {
    case 'vector':
      return formatVector(value as Start, notation);
    case 'words':
      return (value as readonly string[])
        .map((name) => (notation.isPlain(name) ? name : notation.quoted(name)))
        .join(' ');
    case 'named':
    case 'options': {
      const { name, ...options } = value as Record<string, unknown>;
      return [...(name == null ? [] : [String(name)]), ...formatOptions(options)].join(' ');
    }
    case 'switch': {
      const { to, ...own } = value as Record<string, unknown>;
      const named = typeof to === 'string' ? { name: to } : ((to ?? {}) as Record<string, unknown>);
      const { name, ...options } = named;
      return [...(name == null ? [] : [String(name)]), ...formatOptions({ ...options, ...own })].join(' ');
    }
    case 'flag':
      return value === true ? notation.set : formatScalar(value);
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
export function formatGroup(group: GroupConfig, notation = jsdocNotation): string {
  const { names = [], ranges = [] } = group;
  const indices = ranges.map(([from, to]) => (from === to ? String(from) : `${from}..${to}`));
  const written = names.map((name) => (partPattern.test(name) ? name : notation.quoted(name)));
  const options = Object.entries(optionsOfGroup(group)).flatMap((option) => formatOption(option, notation));
  return [...written, ...indices, ...options].join(' ');
}

function formatVector(start: Start, notation: Notation): string {
  return isNamedStart(start) ? notation.named(start) : `[${start.map(formatScalar).join(', ')}]`;
}

export function formatOption([key, value]: readonly [string, unknown], { key: written }: Notation): string[] {
  return value === null || value === undefined ? [] : [`${written(key)}=${formatScalar(value)}`];
}
