export default {
  expected: { exit: 2, says: 'is not a regular file', located: false, target: '/dev/zero#loss' },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': '' }),
};
