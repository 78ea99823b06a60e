import type { Scope } from '../../domain/arn.ts';
import type { Instant } from '../../domain/instant.ts';
import type { State } from '../../state/state.ts';

/** What a handler may use besides its input. */
export interface CloudMapContext {
  readonly state: State;
  readonly scope: Scope;
  readonly now: Instant;
  /** 32 hexadecimal digits, ascending with time. */
  readonly newId: () => string;
  /** Puts a list into an order that nobody can tell before. */
  readonly shuffled: <Item>(items: readonly Item[]) => readonly Item[];
}
