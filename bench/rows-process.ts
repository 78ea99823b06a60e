import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

// The floor of recovery: reads the rows of a store and parses each. Its message is how many there are.
const [, , folder = ''] = process.argv;

const database = new DatabaseSync(join(folder, 'longshore.db'), { readOnly: true });
const records = new Map<string, unknown>();
for (const { key, body } of database.prepare('SELECT key, body FROM record').iterate()) {
  records.set(String(key), JSON.parse(String(body)));
}
process.once('disconnect', () => process.exit());
process.send?.(records.size);
