import { execFileSync } from 'node:child_process';

const credentialsServer = ['-p', 'tcp', '-d', '169.254.170.2', '--dport', '80'];
const rules = [
  ['PREROUTING', ...credentialsServer, '-j', 'DNAT', '--to-destination', '127.0.0.1:51679'],
  ['OUTPUT', ...credentialsServer, '-j', 'REDIRECT', '--to-ports', '51679'],
];

/** What `ecs-init` does on a machine: 169.254.170.2 leads tasks to the agent. Gives what takes it back. */
export function redirectLinkLocal(): () => void {
  const setting = 'net.ipv4.conf.all.route_localnet';
  const before = execFileSync('sysctl', ['-n', setting], { encoding: 'utf8' }).trim();
  execFileSync('sysctl', ['-q', '-w', `${setting}=1`]);
  for (const rule of rules) execFileSync('iptables', ['-t', 'nat', '-A', ...rule]);
  return () => {
    for (const rule of rules) execFileSync('iptables', ['-t', 'nat', '-D', ...rule]);
    execFileSync('sysctl', ['-q', '-w', `${setting}=${before}`]);
  };
}
