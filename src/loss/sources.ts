/**
 * The texts of the workspace as the editor shows them. All code that loads a user's source reads it through
 * this interface, so that unsaved changes are included.
 */
export interface Sources {
  /** The text of a file by absolute path, with unsaved changes; undefined if there is no such file. */
  read(file: string): string | undefined;
}
