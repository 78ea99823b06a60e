import { ECSServiceException } from '@aws-sdk/client-ecs';

/** How ECS refuses a call, as `Code: message`; undefined where it does not. */
export async function refusalOf(sent: Promise<unknown>): Promise<string | undefined> {
  try {
    await sent;
    return undefined;
  } catch (error) {
    if (error instanceof ECSServiceException) return `${error.name}: ${error.message}`;
    throw error;
  }
}
