export default {
  expected: { exit: 2, says: 'there is no file gone\\.ts', located: false, target: 'gone.ts#loss' },
  file: 'loss.ts',
  files: () => ({ 'loss.ts': '' }),
};
