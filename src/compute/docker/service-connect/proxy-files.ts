import { proxyConfigPath, type ProxyConfig } from '../../../domain/service-connect/proxy-config.ts';
import { tarOf } from '../tar.ts';

/** Unpacked at `/`. */
export function configArchive(config: ProxyConfig): Buffer {
  const content = Buffer.from(JSON.stringify(config));
  return tarOf([{ name: proxyConfigPath.slice(1), mode: 0o644, content }]);
}
