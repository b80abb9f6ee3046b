/**
 * Babel and its plugins. The build bundles this file separately, so that a worker loads it only if a module
 * needs it.
 */
export { transformSync } from '@babel/core';
export { default as decorators } from '@babel/plugin-proposal-decorators';
export { default as resourceManagement } from '@babel/plugin-transform-explicit-resource-management';
export { default as jsx } from '@babel/plugin-transform-react-jsx';
export { default as typescript } from '@babel/plugin-transform-typescript';
