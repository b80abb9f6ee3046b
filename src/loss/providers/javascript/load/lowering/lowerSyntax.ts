import { decodedMappings, TraceMap } from '@jridgewell/trace-mapping';
import { LineMap } from '../../../../places/lineMap';
import type { SourceProblem } from '../../../../problem';
import type { ModuleMap } from '../edits';
import { isStackOverflow, nestingProblem } from '../nesting';
import { type Parsed, type ParsedModule, parseLowered } from '../parseModule';
import type { ProjectConfig } from '../projectConfig';
import { elementDeclarations, elementNames } from './elements';
import { LoweredText } from './loweredText';
import { pluginsFor } from './plugins';

/**
 * Replaces syntax that has an effect at run time and that Node 20 does not run: namespaces with values, decorators, `accessor`
 * fields, `using` and JSX. The result is plain JavaScript, on the same lines as far as possible.
 *
 * @returns the module with its new text and syntax tree, or a problem at the place that cannot be replaced
 */
export async function lowerSyntax(module: ParsedModule, config: ProjectConfig): Promise<Parsed> {
  const { file, text, isTypeScript, program } = module;
  const lines = new LineMap(file, text);
  const names = elementNames(text);
  const babel = await import('./babel');
  try {
    const result = babel.transformSync(text, {
      filename: file,
      configFile: false,
      babelrc: false,
      sourceType: program.sourceType,
      parserOpts: {
        allowReturnOutsideFunction: program.sourceType === 'script',
        // Without the parentheses of the source, the text of an operation would differ from the user's text.
        createParenthesizedExpressions: true,
      },
      retainLines: true,
      compact: false,
      sourceMaps: true,
      plugins: pluginsFor(babel, module, config, names),
    });
    const { code, map } = result!;
    const isJsx = code!.includes(`${names.element}(`);
    const lowered = isJsx ? `${code}\n${elementDeclarations(names)}` : code!;
    const source = new LoweredText(lines, lowered, moduleMap(map!, file));
    return parseLowered(source, file, isTypeScript);
  } catch (error) {
    if (isStackOverflow(error)) return { module: null, problems: [nestingProblem(module, 'too-deep')] };
    return { module: null, problems: [unsupported(error, lines)] };
  }
}

function moduleMap({ mappings, names }: { mappings: string; names: string[] }, file: string): ModuleMap {
  const map = new TraceMap({ version: 3, sources: [file], names, mappings });
  return { version: 3, sources: [file], names, mappings: decodedMappings(map) as ModuleMap['mappings'] };
}

/** The place and first line of an error that Babel throws at code that it cannot compile. */
function unsupported(error: unknown, lines: LineMap): SourceProblem {
  const { message, loc } = error as { message: string; loc?: { line: number; column: number } };
  const at = loc ? lines.offset(loc.line, loc.column + 1) : 0;
  const reason = message
    .split('\n')[0]!
    .replace(`${lines.file}: `, '')
    .replace(/ \(\d+:\d+\)$/, '')
    .replace(/ by Babel\b/, '');
  return {
    code: 'unsupported-syntax',
    severity: 'error',
    message: `this syntax cannot be loaded: ${reason}`,
    location: lines.location(at, at + 1),
  };
}
