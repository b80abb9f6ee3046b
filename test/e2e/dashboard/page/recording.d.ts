declare module '*.adamscope' {
  import type { RecordingContent } from './shownTraining';

  const content: RecordingContent;
  export default content;
}
