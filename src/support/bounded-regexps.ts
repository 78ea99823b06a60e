import { setFlagsFromString } from 'node:v8';

/**
 * From now on, regular expressions of which V8's usual engine would try for ever are handed to one
 * that takes linear time. To be called before expressions that users wrote are compiled.
 */
export function boundRegExps(): void {
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
}
