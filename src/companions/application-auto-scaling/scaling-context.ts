import type { Scope } from '../../domain/arn.ts';
import type { Instant } from '../../domain/instant.ts';
import type { State } from '../../state/state.ts';

/** What a handler may use besides its input. */
export interface ScalingContext {
  readonly state: State;
  readonly scope: Scope;
  readonly now: Instant;
  readonly newUuid: () => string;
  /** Whether metrics of CloudWatch can be asked for. */
  readonly hasCloudWatch: boolean;
}
