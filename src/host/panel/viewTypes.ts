/** The type of the panels of the dashboard, as in package.json. */
export const viewType = 'adamscope.dashboard';
/** The type of the editor of run files, as in package.json. */
export const runFileEditorType = 'adamscope.runFile';
