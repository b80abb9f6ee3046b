export default {
  expected: { exit: 2, says: 'is a folder', located: false, target: '.#loss' },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': '' }),
};
