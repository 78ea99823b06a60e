/**
 * Regular expressions of `=~`, in Java's syntax (java.util.regex.Pattern) less what a matcher
 * without backtracking cannot do: see docs/decisions/0003-cluster-query-language.md.
 */
export type Pattern =
  | { readonly kind: 'Empty' }
  | { readonly kind: 'Character'; readonly matches: CharacterClass }
  | { readonly kind: 'Assertion'; readonly holds: Assertion }
  | { readonly kind: 'Sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'Alternatives'; readonly branches: readonly Pattern[] }
  | {
      readonly kind: 'Repeat';
      readonly pattern: Pattern;
      readonly least: number;
      /** Infinity where there is no bound. */
      readonly most: number;
    };

/** Whether a code point belongs to the class. */
export type CharacterClass = (codePoint: number) => boolean;

/** Whether a place, between two code points or at an end, is of a certain kind. */
export type Assertion = (before: number | undefined, after: number | undefined) => boolean;

/** How many states a pattern has once its counted repetitions are written out; at least one. */
export function patternSize(pattern: Pattern): number {
  switch (pattern.kind) {
    case 'Empty':
    case 'Character':
    case 'Assertion':
      return 1;
    case 'Sequence':
      return pattern.parts.reduce((sum, part) => sum + patternSize(part), 1);
    case 'Alternatives':
      return pattern.branches.reduce((sum, branch) => sum + patternSize(branch) + 1, 0);
    case 'Repeat': {
      const { least, most } = pattern;
      const copies = most === Infinity ? least + 1 : most;
      return Math.max(1, copies * (patternSize(pattern.pattern) + 1));
    }
  }
}
