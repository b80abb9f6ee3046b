import path from 'node:path';
import type { SourceLocation } from '../../core/sourceLocation';
import { configOfRecording } from '../../recordings/derivation';
import type { Recording, ScriptPlace } from '../../recordings/recording';
import type { RunDescription } from '../runOrder';

/**
 * The subject of a recorded training: its script.
 *
 * @param file  of the recording
 */
export function describeRecording(
  recording: Recording,
  recordingFile: string,
  texts: readonly (readonly [string, string])[],
): RunDescription {
  const file = scriptOf(recording);
  const loaded = new Map(texts);
  return {
    source: {
      language: 'python',
      file,
      lossName: path.basename(file),
      location: locationOf(recording.place ?? { file, line: 1, function: '' }, loaded),
      parameterName: null,
      texts,
      exportName: '',
      form: { vector: { kind: 'array' }, context: false },
      startExport: null,
      gradient: null,
      validation: null,
      params: null,
      module: null,
      data: null,
      dtype: 'float32',
      library: 'torch',
      interpreter: { path: recording.environment.interpreter, foundBy: 'the recording' },
    },
    lossText: loaded.get(file) ?? '',
    config: configOfRecording(recording),
    overrides: {},
    recording,
    recordingFile,
  };
}

/** The script, whose optimizer may be made in another file. */
function scriptOf({ argv: [script], place }: Recording): string {
  return script !== undefined && path.isAbsolute(script) ? script : (place?.file ?? script ?? '');
}

/** A line as a place: the text of the line without its indentation, as far as it is known. */
export function locationOf({ file, line }: ScriptPlace, texts: ReadonlyMap<string, string>): SourceLocation {
  const text = texts.get(file)?.split(/\r?\n/)[line - 1] ?? '';
  const column = text.length - text.trimStart().length + 1;
  return { file, line, column, endLine: line, endColumn: Math.max(column, text.trimEnd().length + 1) };
}
