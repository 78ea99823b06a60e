import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { changedLogTags, type LogTags } from '../../domain/log/log-tags.ts';
import type { GroupChange, GroupKey, GroupListing, LogGroup, NewLogGroup } from '../log-store.ts';

type Row = Record<string, SQLOutputValue>;

/** Log groups, by account, region and name. */
export class GroupTable {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: DatabaseSync) {
    this.#statements = prepareStatements(database);
  }

  create({ scope, group, createdAt, logGroupClass, tags }: NewLogGroup): 'created' | 'exists' {
    const { accountId, region } = scope;
    const text = JSON.stringify(tags);
    const { create } = this.#statements;
    const made = create.run(accountId, region, group, createdAt, logGroupClass, text);
    return made.changes === 0 ? 'exists' : 'created';
  }

  idOf({ scope, group }: GroupKey): number | undefined {
    const row = this.#statements.find.get(scope.accountId, scope.region, group);
    return row && Number(row['id']);
  }

  find({ scope, group }: GroupKey): LogGroup | undefined {
    const row = this.#statements.find.get(scope.accountId, scope.region, group);
    return row && groupOf(row);
  }

  list({ scope, prefix = '', pattern = '', after = '', limit }: GroupListing): readonly LogGroup[] {
    const { accountId, region } = scope;
    const { list } = this.#statements;
    return list.all(accountId, region, after, prefix, pattern, limit).map(groupOf);
  }

  change(key: GroupKey, change: GroupChange): 'changed' | 'no-group' {
    const row = this.#statements.find.get(key.scope.accountId, key.scope.region, key.group);
    if (!row) return 'no-group';
    const id = Number(row['id']);
    if (change.kind === 'retention') {
      this.#statements.setRetention.run(change.days ?? null, id);
    } else {
      this.#statements.setTags.run(JSON.stringify(changedLogTags(tagsOf(row), change)), id);
    }
    return 'changed';
  }

  remove(id: number): void {
    this.#statements.remove.run(id);
  }
}

function groupOf(row: Row): LogGroup {
  const days = row['retention_days'];
  return {
    name: String(row['name']),
    createdAt: Number(row['created_at']),
    retentionDays: typeof days === 'number' ? days : undefined,
    logGroupClass: String(row['class']),
    tags: tagsOf(row),
    storedBytes: Number(row['stored_bytes']),
  };
}

function tagsOf(row: Row): LogTags {
  const tags: LogTags = JSON.parse(String(row['tags']));
  return tags;
}

function prepareStatements(database: DatabaseSync) {
  return {
    create: database.prepare(
      `INSERT INTO log_group (account, region, name, created_at, class, tags)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
    find: database.prepare('SELECT * FROM log_group WHERE account = ? AND region = ? AND name = ?'),
    list: database.prepare(
      `SELECT * FROM log_group WHERE account = ?1 AND region = ?2 AND name > ?3 AND name >= ?4
         AND substr(name, 1, length(?4)) = ?4 AND instr(lower(name), lower(?5)) > 0
       ORDER BY name LIMIT ?6`,
    ),
    setRetention: database.prepare('UPDATE log_group SET retention_days = ? WHERE id = ?'),
    setTags: database.prepare('UPDATE log_group SET tags = ? WHERE id = ?'),
    remove: database.prepare('DELETE FROM log_group WHERE id = ?'),
  };
}
