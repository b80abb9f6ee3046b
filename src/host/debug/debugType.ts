/** The type of the debugger in launch configurations. */
export const debugType = 'adamscope';
