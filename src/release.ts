/**
 * Where the compiled server begins: Node keeps what it compiles of the other files beside them, which
 * makes all starts but the first quicker. A folder that cannot be written to changes nothing else.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('compile-cache', import.meta.url)));
void import('./main.ts');
