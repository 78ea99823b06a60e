import type { IncomingMessage } from 'node:http';
import type { Compute } from './compute/compute.ts';
import type { ScalingController } from './controllers/scaling-controller.ts';
import { serviceGroup } from './domain/service/service.ts';
import type { Caller } from './protocol/caller.ts';
import { isInReach, type AccountHandler } from './signed-routes.ts';
import type { State } from './state/state.ts';

export interface ScalingRouteParts {
  readonly state: State;
  readonly compute: Compute;
  readonly scaling: ScalingController;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

type Doing = (search: URLSearchParams, caller: Caller | undefined) => Answer;

/** What of scaling is asked for outside the API of AWS. */
export function scalingRoutes(
  parts: ScalingRouteParts,
): readonly (readonly [string, AccountHandler])[] {
  const execute = posted(parts.state, (search, caller) => executePolicy(parts, search, caller));
  const script = posted(parts.state, (search, caller) => scriptUsage(parts, search, caller));
  return [
    ['/longshore/execute-scaling-policy', execute],
    ...(parts.compute.scriptUsage ? [['/longshore/simulated-usage', script] as const] : []),
  ];
}

function posted(state: State, act: Doing): AccountHandler {
  return async (request, response, caller) => {
    const { status, text } =
      request.method === 'POST'
        ? act(searchOf(request), caller)
        : { status: 405, text: 'Send it as a POST.' };
    await state.settled();
    response.writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    response.end(`${text}\n`);
  };
}

function searchOf({ url = '/' }: IncomingMessage): URLSearchParams {
  return new URL(url, 'http://longshore').searchParams;
}

/** `?policy=ARN[&breach=NUMBER][&alarm=NAME]`: what an alarm of CloudWatch does whose action is the policy. */
function executePolicy(
  { scaling }: ScalingRouteParts,
  search: URLSearchParams,
  caller: Caller | undefined,
): Answer {
  const policyArn = search.get('policy') ?? '';
  const breach = numberOf(search, 'breach') ?? 0;
  if (Number.isNaN(breach)) return { status: 400, text: 'breach is a number.' };
  const name = search.get('alarm') ?? 'operator';
  const text = isInReach(policyArn, caller)
    ? scaling.execute(policyArn, { name, breach })
    : undefined;
  if (text === undefined) {
    return { status: 404, text: 'No such policy: give the ARN of a policy of step scaling.' };
  }
  return { status: 200, text };
}

/** `?service=ARN[&cpu=PERCENT][&memory=PERCENT]`: what the tasks of a service use on simulated compute. */
function scriptUsage(
  { state, compute }: ScalingRouteParts,
  search: URLSearchParams,
  caller: Caller | undefined,
): Answer {
  const service = state.read.services.find(search.get('service') ?? '');
  if (!service || !isInReach(service.arn, caller)) {
    return { status: 404, text: 'No such service: give its ARN.' };
  }
  const [cpu, memory] = [numberOf(search, 'cpu'), numberOf(search, 'memory')];
  if (Number.isNaN(cpu) || Number.isNaN(memory)) {
    return { status: 400, text: 'cpu and memory are percents of what is reserved.' };
  }
  const usage = { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
  compute.scriptUsage?.(service.clusterArn, serviceGroup(service.name), usage);
  return { status: 200, text: service.arn };
}

/** NaN where it is none; undefined where it is not given. */
function numberOf(search: URLSearchParams, name: string): number | undefined {
  const text = search.get(name);
  if (text === null) return undefined;
  return text.trim() === '' || !Number.isFinite(Number(text)) ? Number.NaN : Number(text);
}
