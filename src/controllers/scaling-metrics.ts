import { scopeOfArn } from '../domain/arn.ts';
import type { StepAlarm } from '../domain/scaling/plan-capacity.ts';
import type { CloudWatchMetric, ScalingPolicy } from '../domain/scaling/scaling-policy.ts';
import type { AnyService } from '../domain/service/service.ts';
import type { State } from '../state/state.ts';
import { ServiceUsage, type UsageOf } from './service-usage.ts';

export interface MetricQuery {
  readonly region: string;
  readonly metric: CloudWatchMetric;
}

export interface AlarmActionQuery {
  readonly region: string;
  readonly policyArn: string;
}

/** Where the figures come from that services are scaled by. */
export interface MetricSources {
  readonly usageOf: UsageOf;
  /** Asks CloudWatch for the newest value; absent where this server was not told where it is, as is the next one. */
  readonly readMetric?: ((query: MetricQuery) => Promise<number | undefined>) | undefined;
  /** The alarms in the state ALARM that have a policy as their action. */
  readonly alarmsFor?: ((query: AlarmActionQuery) => Promise<readonly StepAlarm[]>) | undefined;
}

/** What CloudWatch answered for the policies of a service, and what it did not. */
export interface Read<Value> {
  readonly values: ReadonlyMap<string, Value>;
  readonly errors: readonly unknown[];
}

/** Reads what the policies of a service look at, and nothing else. That one cannot be read is no matter of the others. */
export class ScalingMetrics {
  readonly #sources: MetricSources;
  readonly #usage: ServiceUsage;

  constructor(state: State, sources: MetricSources) {
    this.#sources = sources;
    this.#usage = new ServiceUsage(state, sources.usageOf);
  }

  /** The values that are known, by the names of the policies. */
  async read(service: AnyService, policies: readonly ScalingPolicy[]): Promise<Read<number>> {
    const { region } = scopeOfArn(service.arn);
    const looksAtUsage = policies.some(
      ({ rule }) => rule.kind === 'TargetTracking' && rule.metric.kind === 'Usage',
    );
    const usage = looksAtUsage ? await this.#usage.of(service) : {};
    return readAll(policies, ({ name, rule }) => {
      if (rule.kind === 'Step') return undefined;
      const { metric } = rule;
      const value =
        metric.kind === 'Usage'
          ? usage[metric.resource]
          : this.#sources.readMetric?.({ region, metric });
      return { key: name, value };
    });
  }

  /** The alarms that ask for steps now, by the ARNs of the policies. */
  stepAlarms(
    service: AnyService,
    policies: readonly ScalingPolicy[],
  ): Promise<Read<readonly StepAlarm[]>> {
    const { alarmsFor } = this.#sources;
    const { region } = scopeOfArn(service.arn);
    return readAll(policies, ({ arn, rule }) => {
      if (rule.kind !== 'Step') return undefined;
      return { key: arn, value: alarmsFor?.({ region, policyArn: arn }) };
    });
  }
}

interface Reading<Value> {
  readonly key: string;
  readonly value: Promise<Value | undefined> | Value | undefined;
}

async function readAll<Value>(
  policies: readonly ScalingPolicy[],
  read: (policy: ScalingPolicy) => Reading<Value> | undefined,
): Promise<Read<Value>> {
  const values = new Map<string, Value>();
  const errors: unknown[] = [];
  for (const policy of policies) {
    const reading = read(policy);
    if (!reading) continue;
    try {
      const value = await reading.value;
      if (value !== undefined) values.set(reading.key, value);
    } catch (error) {
      errors.push(error);
    }
  }
  return { values, errors };
}
