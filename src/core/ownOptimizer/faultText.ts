import type { StepFault } from './userRun';

/** A clause with the optimizer as its subject: "throws at step 3: …". */
export function faultText(fault: StepFault): string {
  switch (fault.code) {
    case 'throws':
      return `${fault.t === 0 ? 'throws when it is created' : `throws at step ${fault.t}`}: ${fault.thrown instanceof Error ? fault.thrown.message : String(fault.thrown)}`;
    case 'promise':
      return 'returns a promise; a step must be synchronous';
    case 'noVector':
      return `returns ${fault.returned === 'object' ? 'an' : 'a'} ${fault.returned} at step ${fault.t}; return the new parameters, or change them in place and return nothing`;
    case 'wrongLength':
      return `returns ${fault.length} parameters instead of ${fault.dim} at step ${fault.t}`;
    case 'noNumber':
      return `sets parameter ${fault.coordinate} to ${fault.found === 'undefined' ? 'undefined' : `a ${fault.found}`} at step ${fault.t}`;
    case 'notFinite':
      return `sets parameter ${fault.coordinate} to ${fault.found} at step ${fault.t}, where the reference stays finite`;
    case 'unchanged':
      return 'does not change the parameters; write to the params array or return a new one';
    case 'changesGradient':
      return `modifies the gradient array (step ${fault.t}, coordinate ${fault.coordinate}); code that reads the gradient afterwards gets a wrong value`;
    case 'notDeterministic':
      return 'gives a different result each time; it uses random numbers, or keeps data of earlier runs; remove the random numbers, or mark a function that creates a new optimizer';
    case 'memoryOutside':
      return 'keeps data of earlier runs; mark a function that creates a new optimizer, such as () => new MyAdam(), or keep the data in state';
  }
}
