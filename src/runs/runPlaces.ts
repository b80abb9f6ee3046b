import type { RunConfigPatch } from '../core/config/runConfig';
import type { Finding } from '../core/diagnosis/finding';
import type { SourceEdit } from '../core/sourceEdit';
import type { SourceLocation } from '../core/sourceLocation';
import type { LossDeclaration } from '../loss/declaration';
import { lossInText } from '../loss/discovery/lossInText';
import { editedText } from '../loss/editedSource';
import { placeOfValue } from '../loss/places/optionPlace';
import { placeOfFinding } from '../loss/places/placeOfFinding';
import { declarationNow, placeNow, type Texts } from '../loss/places/placesNow';
import type { Run } from './run';

interface TextsOfTwoTimes {
  readonly before: Texts;
  readonly now: Texts;
}

/** The places of a run's findings in texts that may have changed since. */
export class RunPlaces {
  readonly #run: Run;
  readonly #declaration: LossDeclaration;
  readonly #texts: TextsOfTwoTimes;

  private constructor(run: Run, declaration: LossDeclaration, texts: TextsOfTwoTimes) {
    this.#run = run;
    this.#declaration = declaration;
    this.#texts = texts;
  }

  /**
   * @param now  the current texts
   * @param before  replacements for texts that the run did not load
   * @returns null if the loss has changed or no longer exists, because the findings may then be wrong
   */
  static now(run: Run, now: Texts, before: Texts = () => undefined): RunPlaces | null {
    const { record } = run;
    const text = now(record.source.file);
    const declaration = text === undefined ? null : declarationIn(run, text);
    const loaded = new Map(record.source.texts);
    return (
      declaration &&
      new RunPlaces(run, declaration, { before: (file) => loaded.get(file) ?? before(file), now })
    );
  }

  /** The places in the texts that the run loaded; null if the run did not load its loss. */
  static atRun(run: Run): RunPlaces | null {
    const { file, lossName, texts: own } = run.record.source;
    const loaded = new Map(own);
    const text = loaded.get(file);
    const declaration = text === undefined ? null : lossInText(text, file, lossName);
    const texts: Texts = (name) => loaded.get(name);
    return declaration && new RunPlaces(run, declaration, { before: texts, now: texts });
  }

  /** The place of the name of the loss. */
  get name(): SourceLocation {
    return this.#declaration.location;
  }

  /** The place of `@expect`. */
  get expectation(): SourceLocation {
    return placeOfValue(this.#declaration, ['expect'], [this.#run.record.overrides]) ?? this.name;
  }

  /** The place of a finding; null if the expression that caused the finding has changed. */
  ofFinding(finding: Finding): SourceLocation | null {
    const location = finding.location && this.ofLocation(finding.location);
    if (finding.location && !location) return null;
    return placeOfFinding({ ...finding, location }, this.#declaration, this.#above(finding));
  }

  /** Maps a place in the texts of the run to the current texts; null if the text at that place has changed. */
  ofLocation(location: SourceLocation): SourceLocation | null {
    return placeNow(location, this.#run.record, this.#declaration, this.#texts);
  }

  /** An edit at its place in the current texts; null if the text at that place has changed. */
  ofEdit(edit: SourceEdit): SourceEdit | null {
    const location = this.ofLocation(edit.location);
    const text = location && this.#texts.now(location.file);
    if (!location || text === undefined || text === null) return null;
    const moved = { ...edit, location };
    return editedText(text, moved) === null ? null : moved;
  }

  /** The patches that override the annotation. A learning rate set by hand before the finding is one of them. */
  #above({ steps }: Finding): RunConfigPatch[] {
    const { overrides, lrChanges } = this.#run.record;
    const change = lrChanges.find(([step]) => step <= steps[0]);
    return change ? [overrides, { optimizer: { lr: change[1] } }] : [overrides];
  }
}

/** The last result for each run, cached because a running run requests the same text repeatedly. */
const known = new WeakMap<Run, { readonly text: string; readonly declaration: LossDeclaration | null }>();

function declarationIn(run: Run, text: string): LossDeclaration | null {
  const last = known.get(run);
  if (last?.text === text) return last.declaration;
  const declaration = declarationNow(run.record, text);
  known.set(run, { text, declaration });
  return declaration;
}
