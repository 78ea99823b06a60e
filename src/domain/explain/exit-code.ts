/** Signals that end processes, by number (signal(7)). */
const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** What an exit code means, as shells and container runtimes use them. */
export function exitCodeMeaning(code: number): string {
  if (code === 0) return 'which means that it was done';
  if (code === 126) return 'which means that its command cannot be executed';
  if (code === 127) return 'which means that its command was not found';
  const signal = signals[code - 128];
  return signal === undefined ? 'which its program chose' : `which means that ${signal} ended it`;
}
