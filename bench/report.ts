import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Quietness } from './calibration.ts';
import { median, quantile } from './statistics.ts';

/** What one round measured: ours, and the floor or peer that it is held against. */
export interface Pair {
  readonly ours: number;
  readonly floor: number;
}

export interface Row {
  readonly name: string;
  readonly floorName: string;
  readonly unit: '1/s' | 'ms' | 'MiB';
  readonly pairs: readonly Pair[];
  /** The ratio of ours to the floor that must be kept, and the one that is aimed at. */
  readonly must?: number;
  readonly aim?: number;
  /** Further figures, for the JSON and where there is room for the table. */
  readonly details?: Readonly<Record<string, number>>;
}

/** What was counted rather than timed. Each is right only if it is exactly as expected. */
export interface Count {
  readonly name: string;
  readonly value: number;
  readonly expected: number;
}

export interface Metric {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly counts: readonly Count[];
  readonly notes: readonly string[];
  readonly quietness: Quietness;
}

export function print({ name, rows, counts, notes, quietness }: Metric): void {
  const { loadAverage, spread, isVoid } = quietness;
  const load = loadAverage.map((value) => value.toFixed(1)).join(' ');
  console.log(`\n${name}`);
  for (const line of tableOf(rows)) console.log(`  ${line}`);
  for (const count of counts) {
    const verdict = count.value === count.expected ? 'ok' : `WRONG, expected ${count.expected}`;
    console.log(`  ${count.name}: ${count.value} (${verdict})`);
  }
  for (const note of notes) console.log(`  ${note}`);
  const verdict = isVoid ? 'VOID: too noisy' : 'quiet enough';
  console.log(`  load ${load}, calibration spread ${spread.toFixed(2)}: ${verdict}`);
}

/** Keeps all rounds, so that a figure can be looked into later. */
export function write(folder: string, metrics: readonly Metric[]): string {
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  const file = join(folder, `${at.replaceAll(':', '-')}.json`);
  const machine = { node: process.version, cpus: cpus().map(({ model }) => model) };
  writeFileSync(file, `${JSON.stringify({ at, machine, metrics }, undefined, 2)}\n`);
  return file;
}

/** Whether all that is counted is as it has to be: a fast wrong answer is a failure. */
export function isCorrect(metrics: readonly Metric[]): boolean {
  return metrics.every(({ counts }) => counts.every(({ value, expected }) => value === expected));
}

const titles = ['', 'ours', 'floor', 'ratio', 'IQR', 'must', 'aim', 'verdict', ''];

function tableOf(rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return [];
  const cells = [titles, ...rows.map(cellsOf)];
  const widths = titles.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  return cells.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

function cellsOf({
  name,
  floorName,
  unit,
  pairs,
  must,
  aim,
  details = {},
}: Row): readonly string[] {
  const ratios = pairs.map(({ ours, floor }) => ours / floor);
  const ratio = median(ratios);
  const isMet = (limit: number): boolean => (unit === '1/s' ? ratio >= limit : ratio <= limit);
  const sign = unit === '1/s' ? '>=' : '<=';
  const limitText = (limit?: number): string =>
    limit === undefined ? '' : `${sign}${Number(limit.toFixed(2))}x`;
  let verdict = '';
  if (must !== undefined) verdict = isMet(must) ? 'met' : 'MISSED';
  if (aim !== undefined && isMet(aim)) verdict = 'aim met';
  return [
    name,
    figure(median(pairs.map(({ ours }) => ours)), unit),
    `${figure(median(pairs.map(({ floor }) => floor)), unit)} ${floorName}`,
    `${ratio.toFixed(2)}x`,
    `${quantile(ratios, 0.25).toFixed(2)}-${quantile(ratios, 0.75).toFixed(2)}`,
    limitText(must),
    limitText(aim),
    verdict,
    Object.entries(details)
      .map(([key, value]) => `${key} ${value.toFixed(value < 10 ? 2 : 0)}`)
      .join(', '),
  ];
}

function figure(value: number, unit: Row['unit']): string {
  if (unit === '1/s') return `${Math.round(value).toLocaleString('en-US')}/s`;
  return `${value.toFixed(value < 10 ? 2 : 1)} ${unit}`;
}
