import { EngineError } from './engine.ts';

/** What was asked for; undefined where the Engine does not have it, or any more. */
export async function orGone<Found>(asked: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof EngineError && error.statusCode === 404) return undefined;
    throw error;
  }
}
