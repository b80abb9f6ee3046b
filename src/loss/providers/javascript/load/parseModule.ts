import { type ParseError, type ParserOptions, type ParserPlugin, parse } from '@babel/parser';
import type { Program } from '@babel/types';
import type { SourceProblem } from '../../../problem';
import { type ModuleText, UnchangedText } from './moduleText';
import { isStackOverflow, nestingProblem } from './nesting';

/** A parsed module of the user: the input of the passes. */
export interface ParsedModule {
  readonly file: string;
  readonly text: string;
  /** The same text, with its relation to the text of the file. */
  readonly source: ModuleText;
  readonly program: Program;
  readonly isTypeScript: boolean;
}

export type Parsed = { readonly module: ParsedModule | null; readonly problems: readonly SourceProblem[] };

const typescriptFile = /\.(?:[cm]?ts|tsx)$/i;
/** Files in which JSX is parsed. */
export const jsxFile = /\.(?:tsx|jsx|[cm]?js)$/i;

/** Parses a module and collects all syntax errors after which the parser can continue. */
export function parseModule(text: string, file: string): Parsed {
  const isTypeScript = typescriptFile.test(file);
  const plugins: ParserPlugin[] = ['decorators', 'decoratorAutoAccessors', 'explicitResourceManagement'];
  // JavaScript files are parsed without TypeScript, so types in them are errors.
  if (jsxFile.test(file)) plugins.push('jsx');
  if (isTypeScript) plugins.push('typescript');
  return parseAs({ source: new UnchangedText(file, text), file, isTypeScript, plugins });
}

/** Parses the JavaScript text that replaces the text of a file. */
export function parseLowered(source: ModuleText, file: string, isTypeScript: boolean): Parsed {
  return parseAs({ source, file, isTypeScript, plugins: [] });
}

interface ParseInput extends Pick<ParsedModule, 'source' | 'file' | 'isTypeScript'> {
  readonly plugins: ParserPlugin[];
}

function parseAs({ source, file, isTypeScript, plugins }: ParseInput): Parsed {
  const { text } = source;
  // No other comments are read, and assigning them to nodes takes time.
  const attachComment = text.includes('@derivative');
  const attempt = (sourceType: SourceType): Parsed => {
    try {
      const { program, errors } = parse(text, { ...parserOptions, attachComment, sourceType, plugins });
      const problems = (errors ?? []).map((error) => syntaxProblem(error, source));
      return { module: { file, text, source, program, isTypeScript }, problems };
    } catch (error) {
      if (isStackOverflow(error))
        return { module: null, problems: [nestingProblem({ source, program: null }, 'too-deep')] };
      if (!isParseError(error)) throw error;
      return { module: null, problems: [syntaxProblem(error, source)] };
    }
  };
  const parsed = attempt(/\.m[jt]s$/i.test(file) ? 'module' : 'unambiguous');
  if (parsed.problems.length === 0 || /\.m[jt]s$/i.test(file)) return parsed;
  if (parsed.module && parsed.module.program.sourceType === 'module') return parsed;
  // A script would exceed the stack too.
  if (parsed.problems.some(({ code }) => code === 'too-deep')) return parsed;
  // The text was first parsed as a module, with rules that a script may break: `return`, `with`, octal numbers.
  const script = attempt('commonjs');
  return script.problems.length === 0 || parsed.module === null ? script : parsed;
}

type SourceType = NonNullable<ParserOptions['sourceType']>;

const parserOptions: ParserOptions = {
  errorRecovery: true,
  createParenthesizedExpressions: true,
  createImportExpressions: true,
};

type Located = ParseError & { readonly loc: { readonly index: number }; readonly message?: string };

function isParseError(error: unknown): error is Located {
  return error instanceof SyntaxError && typeof (error as { pos?: unknown }).pos === 'number';
}

function syntaxProblem(error: ParseError, source: ModuleText): SourceProblem {
  const { loc, message = error.reasonCode } = error as Located;
  const token = /^(?:[\w$]+|.)/u.exec(source.text.slice(loc.index));
  return {
    code: 'syntax',
    severity: 'error',
    message: `syntax error: ${message.replace(/ \(\d+:\d+\)$/, '')}`,
    location: source.location(loc.index, loc.index + (token?.[0].length ?? 0)),
  };
}
