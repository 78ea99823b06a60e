import type { Assertion, CharacterClass, Pattern } from './pattern.ts';

/** A state of the automaton; `next` is the number of another. */
type State =
  | { readonly kind: 'Read'; readonly matches: CharacterClass; readonly next: number }
  | { readonly kind: 'Check'; readonly holds: Assertion; readonly next: number }
  | { readonly kind: 'Fork'; next: readonly number[] }
  | { readonly kind: 'Accept' };

/**
 * Compiles a pattern into a test of whole values. All ways to match are followed at once
 * (Thompson's construction), so that a test takes at most the pattern's size for each character
 * of the value, whatever the pattern is.
 */
export function compilePattern(pattern: Pattern): (value: string) => boolean {
  const states: State[] = [{ kind: 'Accept' }];
  const start = build(pattern, 0, states);
  return (value) => {
    const codePoints = Array.from(value, (character) => character.codePointAt(0) ?? 0);
    let current = reach(states, [start], undefined, codePoints[0]);
    for (const [i, codePoint] of codePoints.entries()) {
      if (current.size === 0) return false;
      current = reach(states, read(states, current, codePoint), codePoint, codePoints[i + 1]);
    }
    return current.has(0);
  };
}

/** Adds the states of a pattern; gives the first of them. The last goes on to `next`. */
function build(pattern: Pattern, next: number, states: State[]): number {
  switch (pattern.kind) {
    case 'Empty':
      return next;
    case 'Character':
      return states.push({ kind: 'Read', matches: pattern.matches, next }) - 1;
    case 'Assertion':
      return states.push({ kind: 'Check', holds: pattern.holds, next }) - 1;
    case 'Sequence':
      return pattern.parts.reduceRight((after, part) => build(part, after, states), next);
    case 'Alternatives': {
      const branches = pattern.branches.map((branch) => build(branch, next, states));
      return states.push({ kind: 'Fork', next: branches }) - 1;
    }
    case 'Repeat':
      return buildRepeat(pattern, next, states);
  }
}

function buildRepeat(
  { pattern, least, most }: Extract<Pattern, { kind: 'Repeat' }>,
  next: number,
  states: State[],
): number {
  let start = next;
  if (most === Infinity) {
    const loop: State = { kind: 'Fork', next: [next] };
    start = states.push(loop) - 1;
    loop.next = [build(pattern, start, states), next];
  } else {
    for (let i = least; i < most; i++) {
      start = states.push({ kind: 'Fork', next: [build(pattern, start, states), next] }) - 1;
    }
  }
  for (let i = 0; i < least; i++) start = build(pattern, start, states);
  return start;
}

/** The states that are reached from some at a place without reading on. */
function reach(
  states: readonly State[],
  from: readonly number[],
  before: number | undefined,
  after: number | undefined,
): ReadonlySet<number> {
  const reached = new Set<number>(from);
  // A set shows what is added to it while it is walked.
  for (const number of reached) {
    const state = states[number];
    if (state?.kind === 'Fork') for (const next of state.next) reached.add(next);
    if (state?.kind === 'Check' && state.holds(before, after)) reached.add(state.next);
  }
  return reached;
}

function read(
  states: readonly State[],
  current: ReadonlySet<number>,
  codePoint: number,
): readonly number[] {
  const next: number[] = [];
  for (const number of current) {
    const state = states[number];
    if (state?.kind === 'Read' && state.matches(codePoint)) next.push(state.next);
  }
  return next;
}
