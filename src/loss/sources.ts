/**
 * The texts of the workspace as the editor shows them. Everything that reads a user's source goes through this,
 * so that unsaved buffers count and no other part knows a file system.
 */
export interface Sources {
  /** The text of a file by absolute path, unsaved changes included; undefined if there is no such file. */
  read(file: string): string | undefined;
}
