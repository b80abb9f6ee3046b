import { type ParseError, type ParserOptions, type ParserPlugin, parse } from '@babel/parser';
import type { Program } from '@babel/types';
import { LineMap } from '../../../places/lineMap';
import type { SourceProblem } from '../../../problem';
import { isStackOverflow, nestingProblem } from './nesting';

/** A parsed module of the user: the input of the passes. */
export interface ParsedModule {
  readonly file: string;
  readonly text: string;
  readonly lines: LineMap;
  readonly program: Program;
  readonly isTypeScript: boolean;
}

export type Parsed = { readonly module: ParsedModule | null; readonly problems: readonly SourceProblem[] };

const typescriptFile = /\.(?:[cm]?ts|tsx)$/i;
const jsxFile = /\.(?:tsx|jsx|[cm]?js)$/i;

/** Parses a module and collects all syntax errors after which the parser can continue. */
export function parseModule(text: string, file: string): Parsed {
  const lines = new LineMap(file, text);
  const isTypeScript = typescriptFile.test(file);
  const plugins: ParserPlugin[] = ['decorators', 'decoratorAutoAccessors', 'explicitResourceManagement'];
  // JSX is parsed so that it can be reported. JavaScript files are parsed without TypeScript, so types in
  // them are errors.
  if (jsxFile.test(file)) plugins.push('jsx');
  if (isTypeScript) plugins.push('typescript');
  const attempt = (sourceType: SourceType): Parsed => {
    try {
      const { program, errors } = parse(text, { ...parserOptions, sourceType, plugins });
      const problems = (errors ?? []).map((error) => syntaxProblem(error, lines));
      return { module: { file, text, lines, program, isTypeScript }, problems };
    } catch (error) {
      if (isStackOverflow(error))
        return { module: null, problems: [nestingProblem({ lines, program: null }, 'too-deep')] };
      if (!isParseError(error)) throw error;
      return { module: null, problems: [syntaxProblem(error, lines)] };
    }
  };
  const parsed = attempt(/\.m[jt]s$/i.test(file) ? 'module' : 'unambiguous');
  if (parsed.problems.length === 0 || /\.m[jt]s$/i.test(file)) return parsed;
  if (parsed.module && parsed.module.program.sourceType === 'module') return parsed;
  // Parsed as a module, a script can have errors that a script does not have: top-level `return`, `with`,
  // octal numbers.
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

function syntaxProblem(error: ParseError, lines: LineMap): SourceProblem {
  const { loc, message = error.reasonCode } = error as Located;
  const token = /^(?:[\w$]+|.)/u.exec(lines.text.slice(loc.index));
  return {
    code: 'syntax',
    severity: 'error',
    message: `syntax error: ${message.replace(/ \(\d+:\d+\)$/, '')}`,
    location: lines.location(loc.index, loc.index + (token?.[0].length ?? 0)),
  };
}
