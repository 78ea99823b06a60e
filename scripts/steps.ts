import { styleText } from 'node:util';

/** What went wrong and what to do about it, for the person at the terminal: shown without a stack. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** What a finished step has to show: a note for its line, and a value for the steps after it. */
export type StepResult<Value> = { readonly note: string; readonly value: Value };

const titleWidth = 28;
const timeWidth = 9;
const clockMilliseconds = 200;
const terminal = process.stdout;

/** Says what a step is doing just now. */
export type Progress = (doing: string) => void;

/** Without a terminal, what a step is doing is worth a line once it takes this long. */
const announceAfterMilliseconds = 1000;

/**
 * Runs one step and prints its line: title, time, note. Until then a terminal shows what the step
 * is doing with a running clock.
 */
export async function step<Value>(
  title: string,
  run: (progress: Progress) => Promise<StepResult<Value>>,
): Promise<Value> {
  const startedAt = performance.now();
  let doing = '';
  const showLive = (): void => {
    terminal.write(`\r\u001B[K${line(title, performance.now() - startedAt, dim(doing))}`);
  };
  const announce = (): void => {
    terminal.write(`${line(title, undefined, doing)}\n`);
  };
  let announcement: NodeJS.Timeout | undefined;
  const progress: Progress = (text) => {
    doing = `${text} ...`;
    clearTimeout(announcement);
    if (terminal.isTTY) showLive();
    else announcement = setTimeout(announce, announceAfterMilliseconds);
  };
  const clock = terminal.isTTY ? setInterval(showLive, clockMilliseconds) : undefined;
  const finish = (note: string): void => {
    clearInterval(clock);
    clearTimeout(announcement);
    if (terminal.isTTY) terminal.write('\r\u001B[K');
    terminal.write(`${line(title, performance.now() - startedAt, note)}\n`);
  };
  try {
    const { note, value } = await run(progress);
    finish(note);
    return value;
  } catch (error) {
    finish('failed');
    throw error;
  }
}

/** Runs a program to its end. A `SetupError` ends it with its message alone. */
export async function runProgram(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}

/** Dims text on a terminal; plain elsewhere and where NO_COLOR is set. */
export function dim(text: string): string {
  return styleText('dim', text);
}

export function bold(text: string): string {
  return styleText('bold', text);
}

function line(title: string, milliseconds: number | undefined, note: string): string {
  const time = milliseconds === undefined ? '' : formatTime(milliseconds);
  return `  ${title.padEnd(titleWidth)}${time.padStart(timeWidth)}  ${note}`.trimEnd();
}

function formatTime(milliseconds: number): string {
  if (milliseconds < 999.5) return `${milliseconds.toFixed(0)} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
