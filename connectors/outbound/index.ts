import { isNamed, type OutboundAllow } from './allow.ts';

/**
 * What packages that reach other machines are given. `find-target.ts` looks a host up and checks it; `tls-files.ts` reads the
 * certificates that settings name.
 */
export interface Outbound {
  /** `SYNCLINE_OUTBOUND_ALLOW` */
  allow: OutboundAllow;
  /** `SYNCLINE_OUTBOUND_PROXY`; used for HTTP alone. */
  proxy?: string | undefined;
  /** Absolute folders below which settings may name certificates and keys. */
  secretFolders: readonly string[];
}

/**
 * Why credentials must not be sent to a URL: nobody on the way may read them. Hosts that SYNCLINE_OUTBOUND_ALLOW names are
 * reached by a way that somebody has looked at.
 */
export function plainCredentialsGap(url: string, allow: OutboundAllow): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'http:' || isNamed(allow, hostname, Number(port || 80))) return undefined;
  return `Credentials would be sent without encryption. Use https://, or add ${hostname} to SYNCLINE_OUTBOUND_ALLOW of the API and the workers.`;
}
