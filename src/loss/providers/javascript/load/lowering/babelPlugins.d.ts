// These packages have no types.
declare module '@babel/plugin-transform-typescript';
declare module '@babel/plugin-proposal-decorators';
declare module '@babel/plugin-transform-explicit-resource-management';
declare module '@babel/plugin-transform-react-jsx';
