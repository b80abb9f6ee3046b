import './rules';
import error, { gauss } from './special';

export const ofOtherModules = ([x, y]: number[]) => error(x! * y!) + gauss.pdf(y!);
