import type { AdvancedConfiguration, LoadBalancer } from '@aws-sdk/client-ecs';
import { invalidParameter, type EcsError } from '../../errors.ts';
import { present } from '../../present.ts';
import type { TaskDefinition } from '../../task-definition/task-definition.ts';
import type { Deployment, ServiceLoadBalancer } from '../service.ts';

const mostLoadBalancers = 5;

/**
 * Checks the load balancers of a service whose deployments shift traffic. There is no load balancer to ask, and so
 * what only its rules and target groups could tell is not checked.
 * @throws EcsError InvalidParameterException
 */
export function parseLoadBalancers(
  given: readonly LoadBalancer[],
  definition: TaskDefinition,
): readonly ServiceLoadBalancer[] {
  // [inferred text]
  if (given.length > mostLoadBalancers) {
    throw invalidParameter(`load balancers can have at most ${mostLoadBalancers} items.`);
  }
  checkKinds(given);
  const parsed = given.map((one) => parseLoadBalancer(one, definition));
  checkTargetGroups(parsed);
  checkRules(parsed);
  return parsed;
}

function checkKinds(given: readonly LoadBalancer[]): void {
  const classic = given.filter(({ loadBalancerName }) => loadBalancerName);
  if (classic.some(({ targetGroupArn }) => targetGroupArn)) {
    throw invalidParameter('loadBalancerName and targetGroupArn cannot both be specified');
  }
  if (classic.length > 0 && classic.length < given.length) {
    throw invalidParameter(
      'All loadBalancers must be strictly either ELBv1 (defining loadBalancerName) or ELBv2 ' +
        '(defining targetGroupArn)',
    );
  }
  if (classic.some(({ advancedConfiguration }) => advancedConfiguration)) {
    throw invalidParameter('advancedConfiguration field is not allowed with ELBv1 loadBalancers');
  }
  const advanced = given.filter(({ advancedConfiguration }) => advancedConfiguration).length;
  if (advanced > 0 && advanced < given.length) {
    throw invalidParameter(
      'Either all or none of the provided loadBalancers must have advancedConfiguration defined',
    );
  }
}

function parseLoadBalancer(given: LoadBalancer, definition: TaskDefinition): ServiceLoadBalancer {
  const { advancedConfiguration: advanced, targetGroupArn, containerName, containerPort } = given;
  if (!advanced) {
    throw invalidParameter(
      'advancedConfiguration field is required for all loadBalancers when using a non-ROLLING ' +
        'deployment strategy',
    );
  }
  checkTarget(given, definition);
  const checked = {
    targetGroupArn: required('targetGroupArn', targetGroupArn),
    containerName: required('containerName', containerName),
    containerPort: required('containerPort', containerPort),
    ...parseAdvanced(advanced),
  };
  return { ...checked, usedTargetGroupArn: checked.targetGroupArn };
}

function parseAdvanced(given: AdvancedConfiguration) {
  const { testListenerRule } = given;
  const productionListenerRule = required('productionListenerRule', given.productionListenerRule);
  checkRuleArn('productionListenerRule', productionListenerRule);
  if (testListenerRule !== undefined) checkRuleArn('testListenerRule', testListenerRule);
  return {
    alternateTargetGroupArn: required('alternateTargetGroupArn', given.alternateTargetGroupArn),
    productionListenerRule,
    roleArn: required('roleArn', given.roleArn),
    ...present({ testListenerRule }),
  };
}

/** [inferred text] */
function required<Value>(member: string, given: Value | undefined): Value {
  if (given !== undefined && given !== '') return given;
  throw invalidParameter(`${member} is required for all loadBalancers`);
}

/** Rules of Application Load Balancers, listeners of Network Load Balancers. */
const ruleArn =
  /^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:(?:listener-rule\/app\/.+|listener\/net\/.+)$/;

/** That of testListenerRule is [inferred]. */
function checkRuleArn(member: string, arn: string): void {
  if (ruleArn.test(arn)) return;
  throw invalidParameter(
    `${member} has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ${arn}`,
  );
}

/** @throws EcsError where the definition has nothing at the place that a load balancer names */
export function checkTarget(
  { containerName, containerPort: port }: Pick<LoadBalancer, 'containerName' | 'containerPort'>,
  { content }: TaskDefinition,
): void {
  if (containerName === undefined || port === undefined) return;
  const container = content.containerDefinitions.find(({ name }) => name === containerName);
  if (!container) {
    throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
  }
  const isDefined = container.portMappings.some(({ containerPort, containerPortRange = '' }) => {
    const [first = NaN, last = NaN] = containerPortRange.split('-').map(Number);
    return containerPort === port || (first <= port && port <= last);
  });
  if (isDefined) return;
  throw invalidParameter(
    `The container ${containerName} did not have a container port ${port} defined.`,
  );
}

function checkTargetGroups(parsed: readonly ServiceLoadBalancer[]): void {
  const seen = new Set<string>();
  for (const { targetGroupArn, alternateTargetGroupArn } of parsed) {
    for (const arn of [targetGroupArn, alternateTargetGroupArn]) {
      if (seen.has(arn)) throw invalidParameter(`Duplicate targetGroupArn found: ${arn}`);
      seen.add(arn);
    }
  }
}

function checkRules(parsed: readonly ServiceLoadBalancer[]): void {
  const production = new Set(parsed.map(({ productionListenerRule }) => productionListenerRule));
  const both = parsed.flatMap(({ testListenerRule: rule }) =>
    rule !== undefined && production.has(rule) ? [rule] : [],
  );
  if (both.length === 0) return;
  throw invalidParameter(
    `The following rules cannot be used as both production and test listener rules: ${both.join(', ')}`,
  );
}

/** A new revision uses those of its target groups that the one which serves does not use. */
export function withFreeTargetGroups(
  wanted: readonly ServiceLoadBalancer[],
  deployments: readonly Deployment[],
): readonly ServiceLoadBalancer[] {
  const serving = deployments.find(({ rolloutState }) => rolloutState === 'COMPLETED');
  const inUse = (serving?.revision.loadBalancers ?? []).map((one) => one.usedTargetGroupArn);
  return wanted.map((one) => {
    const isTaken = inUse.includes(one.targetGroupArn);
    const usedTargetGroupArn = isTaken ? one.alternateTargetGroupArn : one.targetGroupArn;
    return { ...one, usedTargetGroupArn };
  });
}

/** Whether two revisions were asked for with the same load balancers. */
export function isSameBalancing(
  before: readonly ServiceLoadBalancer[] = [],
  after: readonly ServiceLoadBalancer[] = [],
): boolean {
  return textOf(before) === textOf(after);
}

function textOf(balancers: readonly ServiceLoadBalancer[]): string {
  return JSON.stringify(
    balancers.map((one) => [
      one.targetGroupArn,
      one.alternateTargetGroupArn,
      one.containerName,
      one.containerPort,
      one.productionListenerRule,
      one.testListenerRule,
      one.roleArn,
    ]),
  );
}

/** @throws EcsError; ECS names the service linked role where traffic shifts */
export function noOwnRole(): EcsError {
  return invalidParameter(
    'You cannot specify an IAM role for services that require a service linked role.',
  );
}
