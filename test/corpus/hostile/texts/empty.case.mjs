export default {
  expected: { exit: 2, says: 'has no function loss', located: false },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': '' }),
};
