import { Failure } from './failure.ts';
import type { Target } from './target.ts';

/** Codes of Node and of TLS, and their meaning for a person who typed an address. */
const causes: Record<string, (url: URL) => string> = {
  ECONNREFUSED: ({ host }) =>
    `Nothing listens at ${host}. Start Syncline with npm start, or name its address with --url.`,
  ENOTFOUND: ({ hostname }) => `The host ${hostname} does not exist. Check the address.`,
  EAI_AGAIN: ({ hostname }) => `The name ${hostname} cannot be looked up now. Check the network and the address.`,
  EHOSTUNREACH: ({ hostname }) => `The host ${hostname} cannot be reached from here.`,
  ENETUNREACH: ({ hostname }) => `The host ${hostname} cannot be reached from here.`,
  UND_ERR_CONNECT_TIMEOUT: ({ host }) =>
    `${host} does not answer. Check the address, and check that no firewall blocks it.`,
  ETIMEDOUT: ({ host }) => `${host} does not answer. Check the address, and check that no firewall blocks it.`,
  ERR_SSL_WRONG_VERSION_NUMBER: ({ host }) => `${host} does not speak TLS: write http:// instead of https://.`,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ({ host }) => `${host} does not speak TLS: write http:// instead of https://.`,
  ECONNRESET: ({ host }) => `${host} broke the connection. If it speaks TLS, write https://.`,
  UND_ERR_SOCKET: ({ host }) => `${host} broke the connection. If it speaks TLS, write https://.`,
};

/** Why a request got no answer. */
export function explainBreak({ url, timeout }: Target, error: unknown): Failure {
  const at = new URL(url);
  const { name, cause } = error as Error;
  if (name === 'TimeoutError' || name === 'AbortError')
    return unavailable(
      `${at.host} did not answer within ${String(timeout / 1000)} seconds. Set a longer time with --timeout.`,
    );
  const code = codeIn(cause);
  if (code !== undefined && /CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code))
    return unavailable(
      `The certificate of ${at.host} cannot be trusted (${code}). If a private authority has issued it, set NODE_EXTRA_CA_CERTS to the file of this authority.`,
    );
  if (code?.startsWith('HPE_') === true || nameOf(cause) === 'HTTPParserError')
    return unavailable(`${at.host} answers, but not in HTTP. Check the address.`);
  const told = code === undefined ? undefined : causes[code];
  return unavailable(
    told?.(at) ?? `There is no Syncline at ${url}. Start it with npm start, or name its address with --url.`,
  );
}

/** Why an answer does not come from the API of Syncline. */
export function explainAnswer({ url }: Target, response: Response): Failure {
  const type = response.headers.get('content-type') ?? 'nothing';
  const what = `${String(response.status)} with ${type.split(';')[0] ?? ''}`;
  if (response.redirected || response.status === 401 || response.status === 403)
    return unavailable(
      `A proxy in front of ${url} asks for a login (${what}). Send the login with --header, for example "Authorization: env:TOKEN".`,
    );
  if (response.status >= 502 && response.status <= 504)
    return unavailable(`A proxy in front of ${url} reports that Syncline does not answer (${what}).`);
  return unavailable(`${url} answers, but is not Syncline (${what}). Check the address and the port.`);
}

const unavailable = (message: string) => new Failure('unavailable', message);

function codeIn(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null) return undefined;
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  // several addresses were tried
  return 'errors' in cause && Array.isArray(cause.errors) ? codeIn(cause.errors[0]) : undefined;
}

const nameOf = (cause: unknown) => (cause instanceof Error ? cause.name : undefined);
