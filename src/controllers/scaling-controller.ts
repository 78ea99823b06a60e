import type { ServiceArn } from '../domain/arn.ts';
import type { Instant } from '../domain/instant.ts';
import {
  planCorrection,
  planStep,
  planTracking,
  strongestPlan,
  type CapacityPlan,
  type StepAlarm,
} from '../domain/scaling/plan-capacity.ts';

import type { ScalableTarget } from '../domain/scaling/scalable-target.ts';
import type { ScalingPolicy } from '../domain/scaling/scaling-policy.ts';
import {
  hasGap,
  newRun,
  scalingPeriodMs,
  watched,
  type Watch,
} from '../domain/scaling/scaling-run.ts';
import { nextDue } from '../domain/scaling/scheduled-action.ts';
import type { AnyService } from '../domain/service/service.ts';
import { endScalingRun } from '../state/end-scaling-run.ts';
import type { RecordKey, State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';
import { ScalingActs, type SetDesiredCount } from './scaling-acts.ts';
import { ScalingMetrics, type MetricSources } from './scaling-metrics.ts';
import { runSchedules } from './scaling-schedules.ts';

export interface ScalingControllerParts {
  readonly state: State;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly newUuid: () => string;
  readonly sources: MetricSources;
  readonly setDesiredCount: SetDesiredCount;
  /** Stands in for the minute between two looks at the metrics. */
  readonly periodMs?: number | undefined;
}

const recordKinds = new Set(['scalable-target', 'scaling-policy', 'scheduled-action', 'service']);

/**
 * Scales the services that are scalable targets: brings them within their bounds, changes these as scheduled, and once
 * a minute looks at the metrics of those that have policies.
 */
export class ScalingController implements Controller {
  readonly name = 'scaling';
  readonly #state: State;
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #metrics: ScalingMetrics;
  readonly #acts: ScalingActs;

  constructor({ periodMs = scalingPeriodMs, sources, ...parts }: ScalingControllerParts) {
    this.#state = parts.state;
    this.#clock = parts.clock;
    this.#periodMs = periodMs;
    this.#metrics = new ScalingMetrics(parts.state, sources);
    this.#acts = new ScalingActs(parts);
  }

  /** The keys of all these records begin with the ARN of the service. */
  keysOf({ kind, key }: RecordKey): readonly string[] {
    if (!recordKinds.has(kind)) return [];
    const [serviceArn = ''] = key.split(' ', 1);
    return this.#state.read.scalableTargets.find(serviceArn) ? [serviceArn] : [];
  }

  *allKeys(): Iterable<string> {
    const { scalableTargets, scalingActivities } = this.#state.read;
    for (const { serviceArn } of scalableTargets.values()) yield serviceArn;
    const now = this.#clock.now();
    for (const activity of scalingActivities.values()) {
      if (this.#acts.isForgotten(activity, now)) yield activity.serviceArn;
    }
  }

  reconcile(key: string): Next | Promise<Next> {
    const now = this.#clock.now();
    this.#acts.forgetOld(key, now);
    const scaled = this.#scaled(key);
    if (!scaled) {
      if (this.#state.read.scalingRuns.find(key)) {
        this.#state.transact((tx) => endScalingRun(tx, key, now));
      }
      return settled;
    }
    const { service } = scaled;
    this.#acts.followUp(service, now);
    runSchedules(this.#state, this.#acts, service.arn, now);
    this.#correct(service, now);
    const policies = [...this.#state.read.scalingPolicies.ofService(service.arn)];
    const evaluateAt = policies.length === 0 ? Infinity : this.#nextEvaluation(service.arn);
    if (evaluateAt > now) return this.#nextLook(service.arn, evaluateAt);
    return this.#evaluate(service, policies);
  }

  /**
   * Does what an alarm outside of this server asks for, and tells what came of it; undefined where there is no such
   * policy of steps.
   */
  execute(policyArn: string, alarm: StepAlarm): string | undefined {
    const policy = this.#state.read.scalingPolicies.findByArn(policyArn);
    const scaled = policy && this.#scaled(policy.serviceArn);
    if (!scaled || policy.rule.kind !== 'Step') return undefined;
    const now = this.#clock.now();
    const observed = this.#acts.observe(scaled.service, scaled.target);
    const plan = planStep(observed, { policy, rule: policy.rule }, alarm, now);
    return this.#acts.perform(scaled.service, plan, now);
  }

  #scaled(key: string): { target: ScalableTarget; service: AnyService } | undefined {
    const { scalableTargets, services } = this.#state.read;
    const target = scalableTargets.find(key);
    const service = services.find(key);
    return target && service?.status === 'ACTIVE' ? { target, service } : undefined;
  }

  #correct({ arn }: AnyService, now: Instant): void {
    const scaled = this.#scaled(arn);
    if (scaled?.target.unappliedSince === undefined) return;
    const { service, target } = scaled;
    const plan = planCorrection(this.#acts.observe(service, target));
    if (plan) this.#acts.perform(service, plan, now);
    if (plan?.kind === 'Nothing') return;
    this.#state.transact((tx) => {
      const { unappliedSince: _, ...applied } = target;
      tx.scalableTargets.put(applied);
    });
  }

  #nextEvaluation(arn: ServiceArn): Instant {
    const { evaluatedAt } = this.#state.read.scalingRuns.find(arn) ?? {};
    // A clock that was set back must not keep metrics from being looked at.
    const isKnown = evaluatedAt !== undefined && evaluatedAt <= this.#clock.now();
    return isKnown ? evaluatedAt + this.#periodMs : -Infinity;
  }

  /** An activity that is not fulfilled yet is followed by the changes of its service, and now and then besides. */
  #nextLook(arn: ServiceArn, evaluateAt: Instant): Next {
    const { scheduledActions, scalingRuns } = this.#state.read;
    const due = [...scheduledActions.ofService(arn)].map((one) => nextDue(one) ?? Infinity);
    const isOpen = scalingRuns.find(arn)?.openActivity !== undefined;
    const followUpAt = isOpen ? this.#clock.now() + this.#periodMs : Infinity;
    const at = Math.min(evaluateAt, followUpAt, ...due);
    return at === Infinity ? settled : lookAgain(at);
  }

  async #evaluate(service: AnyService, policies: readonly ScalingPolicy[]): Promise<Next> {
    const { values, errors } = await this.#metrics.read(service, policies);
    const { values: alarms, ...unread } = await this.#metrics.stepAlarms(service, policies);
    const now = this.#clock.now();
    // Much may have changed meanwhile.
    const scaled = this.#scaled(service.arn);
    if (!scaled) return settled;
    const known = policies.filter(
      (policy) => this.#state.read.scalingPolicies.findNamed(service.arn, policy.name) === policy,
    );
    this.#watch(service.arn, known, values, now);
    const observed = this.#acts.observe(scaled.service, scaled.target);
    const { watches } = observed.run;
    const tracking = known.flatMap((policy) => {
      const { rule } = policy;
      return rule.kind === 'Step' ? [] : [{ policy, rule, watch: watches[policy.name] }];
    });
    const steps = known.flatMap((policy): CapacityPlan[] => {
      const { rule } = policy;
      const triggered = rule.kind === 'Step' ? (alarms.get(policy.arn) ?? []) : [];
      return triggered.flatMap((alarm) =>
        rule.kind === 'Step' ? [planStep(observed, { policy, rule }, alarm, now)] : [],
      );
    });
    const plan = strongestPlan([planTracking(observed, tracking, now), ...steps]);
    this.#acts.perform(scaled.service, plan, now);
    // All that could be done is done; what could not be read is for the log.
    const failed = [...errors, ...unread.errors];
    if (failed.length > 0) throw new AggregateError(failed, 'CloudWatch did not answer for all.');
    return this.#nextLook(service.arn, this.#nextEvaluation(service.arn));
  }

  #watch(
    serviceArn: ServiceArn,
    policies: readonly ScalingPolicy[],
    values: ReadonlyMap<string, number>,
    now: Instant,
  ): void {
    this.#state.transact((tx) => {
      const run = tx.scalingRuns.find(serviceArn) ?? newRun(serviceArn);
      const before = hasGap(run, now, this.#periodMs) ? {} : run.watches;
      const watches = policies.flatMap((policy): [string, Watch][] => {
        const { rule, name } = policy;
        if (rule.kind === 'Step') return [];
        return [[name, watched(before[name], policy, rule, values.get(name))]];
      });
      tx.scalingRuns.put({ ...run, evaluatedAt: now, watches: Object.fromEntries(watches) });
    });
  }
}
