import { scopeOfArn } from '../domain/arn.ts';
import {
  nextAlarmPoll,
  watchesAlarms,
  withObservedAlarms,
  type AlarmQuery,
  type ObservedAlarm,
} from '../domain/service/alarms.ts';
import type { ReadonlyTables } from '../state/tables.ts';
import type { RecordKey, State } from '../state/state.ts';
import type { Clock } from '../support/clock.ts';
import { lookAgain, settled, type Controller, type Next } from './controller.ts';

/** Asks CloudWatch for the state of alarms; those that it does not know are left out. */
export type DescribeAlarms = (query: AlarmQuery) => Promise<readonly ObservedAlarm[]>;

export interface AlarmControllerParts {
  readonly state: State;
  readonly clock: Clock;
  /** Absent where this server was not told where CloudWatch is. */
  readonly describeAlarms: DescribeAlarms | undefined;
}

/** Notes with each deployment of a service or a daemon that is under way what its alarms say. */
export class AlarmController implements Controller {
  readonly name = 'deployment-alarm';
  readonly #state: State;
  readonly #clock: Clock;
  readonly #describeAlarms: DescribeAlarms | undefined;

  constructor({ state, clock, describeAlarms }: AlarmControllerParts) {
    this.#state = state;
    this.#clock = clock;
    this.#describeAlarms = describeAlarms;
  }

  keysOf({ kind, key }: RecordKey): readonly string[] {
    return kind === 'service-deployment' || kind === 'daemon-deployment' ? [key] : [];
  }

  *allKeys(): Iterable<string> {
    for (const { arn } of this.#state.read.serviceDeployments.values()) yield arn;
    for (const { arn } of this.#state.read.daemonDeployments.values()) yield arn;
  }

  reconcile(key: string): Next | Promise<Next> {
    const rollout = findRollout(this.#state.read, key);
    const describeAlarms = this.#describeAlarms;
    if (!rollout || !describeAlarms || !watchesAlarms(rollout)) return settled;
    const at = nextAlarmPoll(rollout);
    if (at > this.#clock.now()) return lookAgain(at);
    const names = rollout.deploymentConfiguration.alarms?.alarmNames ?? [];
    return this.#observe(key, describeAlarms({ region: scopeOfArn(rollout.arn).region, names }));
  }

  async #observe(key: string, asked: Promise<readonly ObservedAlarm[]>): Promise<Next> {
    const observed = await asked;
    const now = this.#clock.now();
    return this.#state.transact((tx) => {
      const ofService = tx.serviceDeployments.find(key);
      const ofDaemon = tx.daemonDeployments.find(key);
      const rollout = ofService ?? ofDaemon;
      if (!rollout || !watchesAlarms(rollout)) return settled;
      if (ofService) tx.serviceDeployments.put(withObservedAlarms(ofService, observed, now));
      if (ofDaemon) tx.daemonDeployments.put(withObservedAlarms(ofDaemon, observed, now));
      const noted = findRollout(tx, key);
      return noted && watchesAlarms(noted) ? lookAgain(nextAlarmPoll(noted)) : settled;
    });
  }
}

function findRollout(tables: ReadonlyTables, arn: string) {
  return tables.serviceDeployments.find(arn) ?? tables.daemonDeployments.find(arn);
}
