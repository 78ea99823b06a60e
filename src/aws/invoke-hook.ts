import type { HookAnswer } from '../domain/service/strategies/hook-runs.ts';
import type { AwsEndpoints } from './aws-endpoints.ts';

export interface HookCall {
  readonly region: string;
  readonly functionArn: string;
  readonly payload: object;
}

/** A function may take as long as Lambda lets it. */
const longestCallMs = 15 * 60_000;

/** Invoke of Lambda; undefined where the operator has not said where it is. */
export function invokeHookAt(
  endpoints: AwsEndpoints,
): ((call: HookCall) => Promise<HookAnswer>) | undefined {
  if (!endpoints.has('lambda')) return undefined;
  return async ({ region, functionArn, payload }) => {
    const settings = endpoints.settingsOf('lambda', region);
    if (!settings) return { kind: 'Unreachable', error: 'there is no endpoint of Lambda' };
    // Only deployments with hooks need it.
    const { Lambda } = await import('@aws-sdk/client-lambda');
    const requestHandler = { ...settings.requestHandler, requestTimeout: longestCallMs };
    const client = new Lambda({ ...settings, requestHandler });
    try {
      const answer = await client.invoke({
        FunctionName: functionArn,
        InvocationType: 'RequestResponse',
        Payload: Buffer.from(JSON.stringify(payload)),
      });
      // What a function throws is an answer without a status.
      return { kind: 'Answered', payload: answer.Payload?.transformToString() ?? '' };
    } catch (error) {
      return { kind: 'Unreachable', error: error instanceof Error ? error.message : String(error) };
    } finally {
      client.destroy();
    }
  };
}
