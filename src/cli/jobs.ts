import path from 'node:path';
import { cacheFolder } from '../runner/cacheFolder';
import { JobProcesses } from '../runner/jobProcesses';

/** The job processes of this command. */
export const jobs = new JobProcesses(path.join(__dirname, 'jobProcess.js'), {
  keepsSpare: false,
  cache: cacheFolder(),
});
