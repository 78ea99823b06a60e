import type { Scope } from '../../domain/arn.ts';
import type { Instant } from '../../domain/instant.ts';
import type { State } from '../../state/state.ts';
import type { Vault } from '../../support/vault.ts';

/** What a handler may use besides its input. */
export interface SecretsContext {
  readonly state: State;
  readonly vault: Vault;
  readonly scope: Scope;
  readonly requestId: string;
  readonly now: Instant;
  readonly newSuffix: () => string;
}
