export default {
  expected: { exit: 2, says: 'loss\\.ts is not a regular file', located: false },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': null }),
};
