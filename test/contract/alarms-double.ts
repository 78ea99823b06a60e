import type { ObservedAlarm } from '../../src/domain/service/alarms.ts';

/** How long each alarm takes to notice something. */
export const evaluationMs = 60_000;

/** CloudWatch, as far as deployments need it. */
export class Alarms {
  readonly inAlarm = new Set<string>();
  asked = 0;

  readonly describeAlarms = ({ names }: { readonly names: readonly string[] }) => {
    this.asked += 1;
    const known = names.filter((name) => name !== 'unknown');
    return Promise.resolve(
      known.map((name): ObservedAlarm => {
        return { name, isInAlarm: this.inAlarm.has(name), evaluationMs };
      }),
    );
  };
}
