import { type VerdictKind, verdictKinds } from '../../../src/core/verdict/verdict';
import { type FaultCode, faultCodes, isFaultCode } from './codes';

/** The expected place of a finding. */
export interface LabelledPlace {
  /** The exact text of the range. */
  readonly text: string;
  /** A longer text around it, if it occurs more than once; else null. */
  readonly within: string | null;
  /** Another file, relative to the folder of the loss; null for the file of the loss. */
  readonly file: string | null;
}

export interface ExpectedFinding {
  readonly code: FaultCode;
  /** null: the name of the loss. */
  readonly place: LabelledPlace | null;
}

/** The findings that must be reported for a run, those that must not, and the reason. */
export interface Label {
  readonly finds: readonly ExpectedFinding[];
  /** Findings that a naive rule would report, but a good one does not. */
  readonly silent: readonly FaultCode[];
  /** Findings of severity info that are allowed. */
  readonly may: readonly FaultCode[];
  /** The kind of the verdict; null if the label does not say it. */
  readonly verdict: VerdictKind | null;
  /** The title of an edit of the source that must be offered; 'none': no edit may be offered; null: the label does not say it. */
  readonly edit: string | null;
  readonly because: string;
}

const keys = ['Finds', 'Silent', 'May', 'Verdict', 'Edit', 'Because'] as const;
type Key = (typeof keys)[number];

/**
 * Parses a label: lines that begin with a key and a colon, each of which extends to the next key.
 *
 * @param text  a comment without its stars and without the text after its first tag
 * @throws Error that states what is wrong with it
 */
export function parseLabel(text: string): Label {
  const parts = partsOf(text);
  const finds = parts.Finds === 'nothing' ? [] : listOf(required(parts, 'Finds')).map(expectedFinding);
  const label: Label = {
    finds,
    silent: listOf(parts.Silent).map(faultCode),
    may: listOf(parts.May).map(faultCode),
    verdict: parts.Verdict === undefined ? null : verdictKind(parts.Verdict),
    edit: parts.Edit ?? null,
    because: required(parts, 'Because'),
  };
  const found = finds.map(({ code }) => code);
  for (const code of [...label.silent, ...label.may])
    if (found.includes(code)) throw new Error(`${code} is expected, and named by Silent or May too`);
  for (const code of label.may) {
    if (faultCodes[code] !== 'info') throw new Error(`${code} is no info: May is for those alone`);
    if (label.silent.includes(code)) throw new Error(`${code} is named by Silent and by May`);
  }
  if (finds.length === 0 && label.silent.length === 0)
    throw new Error('a run that finds nothing says by Silent what it guards against');
  return label;
}

function partsOf(text: string): Partial<Record<Key, string>> {
  const parts: Partial<Record<Key, string>> = {};
  let current: Key | null = null;
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue;
    const [, word, rest] = /^([A-Z]\w*):\s*(.*)$/.exec(line) ?? [];
    const key = keys.find((each) => each === word);
    if (key) {
      if (parts[key] !== undefined) throw new Error(`${key} is given twice`);
      parts[key] = rest!;
      current = key;
    } else if (current === null) {
      throw new Error(`a label begins with one of ${keys.join(', ')}, not with "${line}"`);
    } else {
      parts[current] = `${parts[current]} ${line}`.trim();
    }
  }
  return parts;
}

function required(parts: Partial<Record<Key, string>>, key: Key): string {
  const text = parts[key];
  if (!text) throw new Error(`the label has no ${key}`);
  return text;
}

function listOf(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(';').map((each) => each.trim());
}

function faultCode(text: string): FaultCode {
  if (!isFaultCode(text)) throw new Error(`"${text}" is no code (a plateau has its class: plateau:saddle)`);
  return text;
}

function verdictKind(text: string): VerdictKind {
  const kind = verdictKinds.find((each) => each === text);
  if (kind === undefined) throw new Error(`"${text}" is no verdict; there are ${verdictKinds.join(', ')}`);
  return kind;
}

/**
 * `code`, `code at «text»`, `code at «text» in «longer text»`, and either of the last two with ` of file.ts`.
 */
function expectedFinding(text: string): ExpectedFinding {
  const parts = /^(\S+)(?: at «([^»]+)»(?: in «([^»]+)»)?(?: of (\S+))?)?$/.exec(text);
  if (!parts) throw new Error(`"${text}" is neither a code nor a code at «a text»`);
  const [, code, at, within, file] = parts;
  return {
    code: faultCode(code!),
    place: at === undefined ? null : { text: at, within: within ?? null, file: file ?? null },
  };
}
