/**
 * The messages that the official ECS agent and its service exchange over websockets: each file of this folder is one of
 * them, and knows its shape both ways. The agent drops a message with a wrong type in it without a word, so that
 * what is sent is checked as well as what is received.
 */
import type { Present } from '../../../domain/present.ts';

/** A frame that is not what its type says. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** Checks a value of parsed JSON and gives back what is known of it; members that nobody knows are dropped. */
export type Shape<T> = (value: unknown, path: string) => T;

/** A message type, read and written. */
export interface Frame<Type extends string, Message> {
  readonly type: Type;
  /** @throws FrameError */
  readonly read: (message: unknown) => { readonly type: Type; readonly message: Message };
  /** @throws FrameError */
  readonly write: (message: Message) => string;
}

export type MessageOf<F> = F extends Frame<string, infer Message> ? Message : never;

export function frame<const Type extends string, Message>(
  type: Type,
  shape: Shape<Message>,
): Frame<Type, Message> {
  return {
    type,
    read: (message) => ({ type, message: shape(message, type) }),
    write: (message) => JSON.stringify({ type, message: shape(message, type) }),
  };
}

type Reading = (message: unknown) => { readonly type: string; readonly message: unknown };

/**
 * Reads one of several frames; undefined for a type that is none of them, which each side passes over.
 * @throws FrameError
 */
export function readFrame<F extends { readonly type: string; readonly read: Reading }>(
  frames: readonly F[],
  text: string,
): ReturnType<F['read']> | undefined;
export function readFrame(
  frames: readonly { readonly type: string; readonly read: Reading }[],
  text: string,
): ReturnType<Reading> | undefined {
  const { type, message } = envelope(parse(text), 'frame');
  return frames.find((known) => known.type === type)?.read(message);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FrameError('A frame is not JSON.', { cause });
  }
}

function wrong(path: string, expected: string): FrameError {
  return new FrameError(`${path} is not ${expected}.`);
}

export const text: Shape<string> = (value, path) => {
  if (typeof value !== 'string') throw wrong(path, 'a string');
  return value;
};

export const named: Shape<string> = (value, path) => {
  const given = text(value, path);
  if (given === '') throw wrong(path, 'filled in');
  return given;
};

export const number: Shape<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(path, 'a number');
  return value;
};

export const integer: Shape<number> = (value, path) => {
  if (!Number.isSafeInteger(value)) throw wrong(path, 'an integer');
  return number(value, path);
};

export const flag: Shape<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw wrong(path, 'a boolean');
  return value;
};

export const anything: Shape<unknown> = (value) => value;

export function oneOf<const Word extends string>(...words: readonly Word[]): Shape<Word> {
  return (value, path) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw wrong(path, `one of ${words.join(', ')}`);
    return found;
  };
}

/** Go writes an absent list, map or pointer as null. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value, path) => (value === undefined || value === null ? undefined : shape(value, path));
}

export function listOf<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrong(path, 'a list');
    return value.map((element, index) => shape(element, `${path}[${index}]`));
  };
}

export function mapOf<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value, path) =>
    Object.fromEntries(
      Object.entries(objectAt(value, path)).map(([key, one]) => [
        key,
        shape(one, `${path}.${key}`),
      ]),
    );
}

type Members = Readonly<Record<string, Shape<unknown>>>;
type ObjectOf<M extends Members> = Present<{ readonly [Name in keyof M]: ReturnType<M[Name]> }>;

export function object<const M extends Members>(members: M): Shape<ObjectOf<M>> {
  const shapes = Object.entries(members);
  return (value, path) => {
    const given = objectAt(value, path);
    const known: Record<string, unknown> = {};
    for (const [name, shape] of shapes) {
      const member = shape(given[name], `${path}.${name}`);
      if (member !== undefined) known[name] = member;
    }
    // The compiler cannot follow the loop; each member has passed its own shape.
    return known as ObjectOf<M>;
  };
}

function objectAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw wrong(path, 'an object');
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const envelope = object({ type: optional(text), message: optional(anything) });
