#!/usr/bin/env node
/** The installed command: `longshore server [options]`, `longshore explain ...`. */
process.argv.splice(2, 0, 'start');
await import('./bootstrap.mjs');
