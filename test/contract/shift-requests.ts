import type {
  CreateServiceRequest,
  DeploymentConfiguration,
  DeploymentLifecycleHook,
} from '@aws-sdk/client-ecs';
import type { HookCall } from '../../src/controllers/lifecycle-hook-controller.ts';
import type { HookAnswer } from '../../src/domain/service/strategies/hook-runs.ts';
import type { AwsCalls } from '../../src/server.ts';
import { aServiceRequest, register, startServiceServer } from './service-requests.ts';

export const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:check';
const roleArn = 'arn:aws:iam::123456789012:role/hooks';
export const lambdaHook: DeploymentLifecycleHook = {
  hookTargetArn: functionArn,
  roleArn,
  lifecycleStages: ['PRE_SCALE_UP', 'PRODUCTION_TRAFFIC_SHIFT'],
};
export const pauseHook: DeploymentLifecycleHook = {
  targetType: 'PAUSE',
  lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT'],
  timeoutConfiguration: { timeoutInMinutes: 60, action: 'CONTINUE' },
};

export const shifting = (deploymentConfiguration: DeploymentConfiguration) => ({
  deploymentConfiguration,
});

/** Lambda, as far as deployments need it. */
export class Functions {
  readonly calls: HookCall[] = [];
  answers: HookAnswer[] = [];

  readonly invokeHook = (call: HookCall): Promise<HookAnswer> => {
    this.calls.push(structuredClone(call));
    const succeeded = { kind: 'Answered', payload: '{"hookStatus":"SUCCEEDED"}' } as const;
    return Promise.resolve(this.answers.shift() ?? succeeded);
  };
}

/** A service that has been deployed once, and begins its second deployment. */
export async function startSecond(given: Partial<CreateServiceRequest>, calls?: AwsCalls) {
  const manual = await startServiceServer(undefined, calls);
  const { ecs, advance } = manual;
  const { deploymentConfiguration } = given;
  await ecs.createService(aServiceRequest());
  await advance(20_000);
  await register(ecs);
  await ecs.updateService({ service: 'shop', taskDefinition: 'web', deploymentConfiguration });
  return { ...manual, [Symbol.asyncDispose]: () => manual[Symbol.asyncDispose]() };
}
