/** The entrance to this folder: commands that ask a server and print what it says. */
import { explainCommand } from './explain.ts';

/** Runs `longshore explain ...`, and ends the process as it ended. */
export async function runExplain(args: readonly string[]): Promise<void> {
  const { exitCode, output, error } = await explainCommand(args, process.env);
  process.stdout.write(output);
  process.stderr.write(error);
  process.exitCode = exitCode;
}
