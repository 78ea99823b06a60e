import { spawn } from 'node:child_process';

export type CommandResult = { readonly isSuccess: boolean; readonly output: string };

/** Runs a command to its end and keeps what it prints. A missing command is a failure too. */
export async function runCommand(
  command: string,
  commandArguments: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const child = spawn(command, commandArguments, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ isSuccess: false, output: error.message }));
    child.on('close', (code) => {
      resolve({ isSuccess: code === 0, output: Buffer.concat(chunks).toString() });
    });
  });
}

/** The end of a long output, where commands say what went wrong. */
export function lastLines(text: string, count = 8): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
