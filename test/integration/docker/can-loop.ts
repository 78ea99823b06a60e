import { spawnSync } from 'node:child_process';

/** Loop devices need root, Linux and, in a container, the device nodes of its host: it is tried with a small one. */
const trial =
  'command -v mkfs.ext4 && file=$(mktemp) && truncate -s 1M "$file" && ' +
  'device=$(losetup --find --show "$file") && losetup --detach "$device"; code=$?; rm -f "$file"; exit $code';

export const canLoop = spawnSync('sh', ['-c', trial]).status === 0;
