import { lastPathElement } from '../arn.ts';
import type { Instant } from '../instant.ts';
import { isoInstant } from '../iso-instant.ts';
import type { Explanation, Phase, Scaling } from './explanation.ts';

const widestBar = 24;

/** An explanation as a person reads it on a terminal. */
export function explanationText(explanation: Explanation, now: Instant): string {
  const { kind, arn, status, summary, advice, waits, phases, parts, scaling, messages, output } =
    explanation;
  const sections = [
    [`${kind} ${lastPathElement(arn)}  ${status}`, `  ${arn}`, '', `  ${summary}`],
    advice === undefined ? [] : [`  ${advice}`],
    waits.length === 0
      ? []
      : [
          '',
          'Waits for',
          ...waits.map(({ text, since }) => `  ${text} (for ${span(now - since)})`),
        ],
    phases.length === 0 ? [] : ['', 'Timeline', ...timeline(phases, now)],
    parts.length === 0
      ? []
      : ['', kind === 'task' ? 'Containers' : 'Deployments', ...columns(parts.map(partCells))],
    scaling ? ['', 'Auto scaling', `  ${scalingText(scaling)}`] : [],
    messages.length === 0
      ? []
      : ['', 'Events', ...messages.map(({ at, text }) => `  ${isoInstant(at)}  ${text}`)],
    ...output.map(({ container, lines }) => [
      '',
      `Last lines of ${container}`,
      ...lines.map((line) => `  | ${printable(line)}`),
    ]),
  ];
  return `${sections.flat().join('\n')}\n`;
}

function scalingText({ minCapacity, maxCapacity, decision }: Scaling): string {
  const bounds = `from ${minCapacity} to ${maxCapacity} tasks`;
  return decision ? `${bounds}; ${isoInstant(decision.at)}: ${decision.text}` : bounds;
}

function partCells({ name, status, text }: Explanation['parts'][number]): readonly string[] {
  return [name, status, text];
}

/** A line for each phase, with a bar as long as its share. */
function timeline(phases: readonly Phase[], now: Instant): readonly string[] {
  const lengths = phases.map(({ from, until = now }) => Math.max(0, until - from));
  const longest = Math.max(1, ...lengths);
  return columns(
    phases.map(({ name, from, until }, index) => {
      const length = lengths[index] ?? 0;
      const bar = '#'.repeat(Math.max(1, Math.round((widestBar * length) / longest)));
      return [
        isoInstant(from),
        name,
        `${span(length)}${until === undefined ? ' so far' : ''}`,
        bar,
      ];
    }),
  );
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}

/** A length of time in its two largest units: `350 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function span(ms: number): string {
  if (ms < 1000) return `${Math.max(0, ms)} ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** What containers write may hold orders to the terminal: they are shown, not followed. */
function printable(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) =>
    character === '\t'
      ? ' '
      : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
