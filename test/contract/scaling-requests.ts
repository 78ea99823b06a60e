import {
  ApplicationAutoScaling,
  type PutScalingPolicyCommandInput,
  type PutScalingPolicyCommandOutput,
  type RegisterScalableTargetCommandInput,
  type ScalingActivity,
  type TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import type { AwsCalls } from '../../src/server.ts';
import { startManualServer, type ManualServer } from './manual-server.ts';
import { aServiceRequest, register } from './service-requests.ts';

export const minuteMs = 60_000;

/** What names the service `shop` of the default cluster. */
export const shop = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/default/shop',
  ScalableDimension: 'ecs:service:DesiredCount',
} as const;

export function aTarget(
  given: Partial<RegisterScalableTargetCommandInput> = {},
): RegisterScalableTargetCommandInput {
  return { ...shop, MinCapacity: 1, MaxCapacity: 10, ...given };
}

/** A policy that keeps the use of processors at 50 percent, but for what is given. */
export function aTracking(
  given: Partial<TargetTrackingScalingPolicyConfiguration> = {},
  PolicyName = 'cpu',
): PutScalingPolicyCommandInput {
  return {
    ...shop,
    PolicyName,
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 50,
      PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      ...given,
    },
  };
}

export interface ScalingServer extends ManualServer {
  readonly scaling: ApplicationAutoScaling;
  /** Puts a policy, and lets it be looked at for the first time: nothing is known then yet. */
  readonly put: (policy: PutScalingPolicyCommandInput) => Promise<PutScalingPolicyCommandOutput>;
  /** Says what the tasks of `shop` use, in percent of what is reserved for them. */
  readonly use: (usage: { readonly cpu?: number; readonly memory?: number }) => Promise<void>;
  /** What `shop` was scaled by, newest first. */
  readonly activities: (withNotScaled?: boolean) => Promise<readonly ScalingActivity[]>;
}

/** A client of a server, for the account that the server's own client is of. */
export function scalingClient(endpoint: string, accountId: string): ApplicationAutoScaling {
  const credentials = { accessKeyId: accountId, secretAccessKey: 'secret' };
  return new ApplicationAutoScaling({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

/** A server with the service `shop`, which runs two tasks and is a scalable target. */
export async function startScalingServer(
  options: {
    readonly awsCalls?: AwsCalls;
    readonly target?: Partial<RegisterScalableTargetCommandInput>;
    readonly desiredCount?: number;
  } = {},
): Promise<ScalingServer> {
  const manual = await startManualServer(options.awsCalls);
  const { ecs, advance, server } = manual;
  await ecs.createCluster();
  await register(ecs);
  const { service } = await ecs.createService(
    aServiceRequest({ desiredCount: options.desiredCount ?? 2 }),
  );
  await advance(10_000);
  const scaling = scalingClient(server.url, await accountOf(ecs));
  await scaling.registerScalableTarget(aTarget(options.target));
  await advance(1);
  return {
    ...manual,
    scaling,
    put: async (policy) => {
      const answer = await scaling.putScalingPolicy(policy);
      await advance(0);
      return answer;
    },
    use: (usage) => use(server.url, service?.serviceArn ?? '', usage),
    activities: async (IncludeNotScaledActivities = false) => {
      const found = await scaling.describeScalingActivities({
        ...shop,
        IncludeNotScaledActivities,
      });
      return found.ScalingActivities ?? [];
    },
    [Symbol.asyncDispose]: async () => {
      scaling.destroy();
      await manual[Symbol.asyncDispose]();
    },
  };
}

async function accountOf(ecs: ManualServer['ecs']): Promise<string> {
  return (await ecs.config.credentials()).accessKeyId;
}

async function use(
  url: string,
  service: string,
  usage: { readonly cpu?: number; readonly memory?: number },
): Promise<void> {
  const search = new URLSearchParams({ service });
  for (const [name, value] of Object.entries(usage)) search.set(name, String(value));
  const answer = await fetch(`${url}/longshore/simulated-usage?${search.toString()}`, {
    method: 'POST',
  });
  if (!answer.ok) throw new Error(await answer.text());
}
