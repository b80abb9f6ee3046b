import remapping from '@jridgewell/remapping';
import { TraceMap, traceSegment } from '@jridgewell/trace-mapping';
import type { SourceLocation } from '../../../../../core/sourceLocation';
import { LineMap } from '../../../../places/lineMap';
import type { ModuleMap } from '../edits';
import type { ModuleText } from '../moduleText';

/** A text that was generated from the text of a file, with the map between the two. */
export class LoweredText implements ModuleText {
  readonly text: string;
  readonly #lines: LineMap;
  readonly #file: LineMap;
  readonly #map: ModuleMap;
  readonly #trace: TraceMap;

  /** @param map  from `text` to the text of the file */
  constructor(file: LineMap, text: string, map: ModuleMap) {
    this.text = text;
    this.#file = file;
    this.#lines = new LineMap(file.file, text);
    this.#map = map;
    this.#trace = new TraceMap({ ...map, sources: [...map.sources] });
  }

  get fileText(): string {
    return this.#file.text;
  }

  fileRange(from: number, to: number): { from: number; to: number } {
    const start = this.#fileOffset(from);
    // The end of a range may have no mapping, but its last character has one.
    return { from: start, to: to <= from ? start : Math.max(start, this.#fileOffset(to - 1) + 1) };
  }

  location(from: number, to: number): SourceLocation {
    const range = this.fileRange(from, to);
    return this.#file.location(range.from, range.to);
  }

  fileMap(map: ModuleMap | null): ModuleMap | null {
    if (map === null) return this.#map;
    const { names, mappings } = remapping(
      [
        { ...map, mappings: map.mappings as never },
        { ...this.#map, mappings: this.#map.mappings as never },
      ],
      () => null,
      { decodedMappings: true },
    );
    const { sources } = this.#map;
    return { version: 3, names, sources, mappings: mappings as ModuleMap['mappings'] };
  }

  /** The offset in the file of one character; of generated code, the offset of the code that it was generated from. */
  #fileOffset(offset: number): number {
    const { line, column } = this.#lines.position(offset);
    const segment = traceSegment(this.#trace, line - 1, column - 1);
    if (segment === null || segment.length === 1) return 0;
    const mapped = this.#file.offset(segment[2] + 1, segment[3] + 1);
    // A mapping leads to the start of a token. Within a token that is equal in both texts, distances are equal too.
    const distance = column - 1 - segment[0];
    const isEqual =
      this.text.slice(offset - distance, offset + 1) === this.#file.text.slice(mapped, mapped + distance + 1);
    return isEqual ? mapped + distance : mapped;
  }
}
