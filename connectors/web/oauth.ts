import { ExactNumber, type Cell } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import { basic, secretOf, type Authorizer } from './authorize.ts';
import type { Answer } from './client.ts';
import type { WebSettings } from './settings.ts';

/** Sends a form to the issuer of tokens. */
export type AskIssuer = (
  form: URLSearchParams,
  headers: Record<string, string>,
  signal?: AbortSignal,
) => Promise<Answer>;

/** The codes of RFC 6749; others may hold anything. */
const known =
  /^(invalid_(request|client|grant|scope|target)|unauthorized_client|unsupported_grant_type|access_denied)$/;

/**
 * Client credentials of OAuth 2.0 (RFC 6749, section 4.4), or a refresh token if the secrets have one. A token is kept until
 * shortly before its end, or until the source refuses it.
 */
export function oauthAuthorizer(settings: WebSettings, secrets: Record<string, string>, ask: AskIssuer): Authorizer {
  let token: { text: string; until: number; fresh: boolean } | undefined;

  async function issue(signal?: AbortSignal): Promise<string> {
    const { clientId = '', scope, audience } = settings;
    const clientSecret = secretOf(secrets, 'clientSecret');
    const refreshToken = secrets['refreshToken'];
    const form = new URLSearchParams(
      refreshToken === undefined
        ? { grant_type: 'client_credentials' }
        : { grant_type: 'refresh_token', refresh_token: refreshToken },
    );
    if (scope !== undefined) form.set('scope', scope);
    if (audience !== undefined) form.set('audience', audience);
    const header = { authorization: basic(encodeURIComponent(clientId), encodeURIComponent(clientSecret)) };
    let answer = await ask(form, header, signal);
    // some issuers take the client's id and secret from the form alone
    if (answer.status === 401 || (answer.status === 400 && textOf(answer.json, 'error') === 'invalid_client')) {
      form.set('client_id', clientId);
      form.set('client_secret', clientSecret);
      answer = await ask(form, {}, signal);
    }
    const text = textOf(answer.json, 'access_token');
    if (answer.status !== 200) throw refused(answer);
    if (text === undefined || text === '' || !/^bearer$/i.test(textOf(answer.json, 'token_type') ?? 'bearer'))
      throw new SyncError('bad-body', 'The answer of tokenUrl has no bearer token. Check tokenUrl.');
    const seconds = secondsOf(answer.json);
    const early = Math.min(60, seconds / 10);
    token = { text, until: Date.now() + (seconds - early) * 1000, fresh: true };
    return text;
  }

  return {
    async headers(signal) {
      if (token && Date.now() >= token.until) token = undefined;
      return { authorization: `Bearer ${token?.text ?? (await issue(signal))}` };
    },
    renew() {
      token = undefined;
      return true;
    },
  };
}

function refused({ status, json }: Answer): SyncError {
  const code = textOf(json, 'error');
  const said = code !== undefined && known.test(code) ? code : `status ${String(status)}`;
  return new SyncError(
    'credentials',
    `The issuer at tokenUrl gives no token (${said}). Check clientId, clientSecret, scope and audience.`,
  );
}

const member = (json: Cell | undefined, name: string): Cell | undefined =>
  json instanceof Map ? (json as ReadonlyMap<string, Cell>).get(name) : undefined;

function textOf(json: Cell | undefined, name: string): string | undefined {
  const found = member(json, name);
  return typeof found === 'string' ? found : undefined;
}

/** Without `expires_in` a token is used until it is refused. */
function secondsOf(json: Cell | undefined): number {
  const found = member(json, 'expires_in');
  const seconds = Number(found instanceof ExactNumber ? found.text : typeof found === 'string' ? found : NaN);
  return seconds > 0 ? seconds : Infinity;
}
