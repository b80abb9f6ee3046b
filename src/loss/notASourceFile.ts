/**
 * A file cannot be read as source. The message continues a sentence that begins with the name of the file.
 */
export class NotASourceFile extends Error {}
