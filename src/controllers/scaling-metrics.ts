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

/** Reads what the policies of a service look at, and nothing else. */
export class ScalingMetrics {
  readonly #sources: MetricSources;
  readonly #usage: ServiceUsage;

  constructor(state: State, sources: MetricSources) {
    this.#sources = sources;
    this.#usage = new ServiceUsage(state, sources.usageOf);
  }

  /** The values that are known, by the names of the policies. */
  async read(
    service: AnyService,
    policies: readonly ScalingPolicy[],
  ): Promise<ReadonlyMap<string, number>> {
    const { region } = scopeOfArn(service.arn);
    const looksAtUsage = policies.some(
      ({ rule }) => rule.kind === 'TargetTracking' && rule.metric.kind === 'Usage',
    );
    const usage = looksAtUsage ? await this.#usage.of(service) : {};
    const values = new Map<string, number>();
    for (const { name, rule } of policies) {
      if (rule.kind === 'Step') continue;
      const { metric } = rule;
      const value =
        metric.kind === 'Usage'
          ? usage[metric.resource]
          : await this.#sources.readMetric?.({ region, metric });
      if (value !== undefined) values.set(name, value);
    }
    return values;
  }

  /** The alarms that ask for steps now, by the ARNs of the policies. */
  async stepAlarms(
    service: AnyService,
    policies: readonly ScalingPolicy[],
  ): Promise<ReadonlyMap<string, readonly StepAlarm[]>> {
    const { alarmsFor } = this.#sources;
    const { region } = scopeOfArn(service.arn);
    const alarms = new Map<string, readonly StepAlarm[]>();
    for (const { arn, rule } of policies) {
      if (rule.kind !== 'Step' || !alarmsFor) continue;
      alarms.set(arn, await alarmsFor({ region, policyArn: arn }));
    }
    return alarms;
  }
}
