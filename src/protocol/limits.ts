/** How much a job may take before it is ended from outside. */
export interface JobLimits {
  /** How long one call into the user's code may take, import included. */
  readonly evaluationTimeoutMs: number;
  /** How much memory the job may take, heap and typed arrays together. */
  readonly memoryLimitMb: number;
  /** Where the user sets the two, for the message when one is reached; without it the editor's settings. */
  readonly setBy?: { readonly time: string | null; readonly memory: string | null };
}
