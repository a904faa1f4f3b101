import { problemCodes } from '../../domain/codes.ts';
import { routes } from '../../api/routes/index.ts';

/**
 * Checks an answer against the schemas from which the OpenAPI document is made: every call of every test goes through it.
 * @throws Error where the body does not fit, or the status is not among those that the route declares
 */
export function checkAnswer(method: string, path: string, status: number, type: string, body: unknown): void {
  const plain = path.split('?')[0] ?? '';
  const route = routes.find((each) => each.method === method.toLowerCase() && patternOf(each.path).test(plain));
  if (status >= 400 && type.includes('json') && plain !== '/readyz') {
    checkProblem(status, type, body);
    if (route && status !== 500 && !route.problems.includes(status) && !common.has(status))
      throw new Error(`${method} ${route.path} answers ${String(status)}, which it does not declare`);
    return;
  }
  if (!route) return;
  const answer = route.answers[status];
  if (!answer) throw new Error(`${method} ${route.path} answers ${String(status)}, which it does not declare`);
  if (!answer.schema) return;
  const parsed = answer.schema.safeParse(body);
  if (!parsed.success) throw new Error(`${method} ${route.path}: the body does not fit: ${parsed.error.message}`);
}

/** Statuses that any route may answer with. */
const common = new Set([400, 403, 405, 413, 415, 422, 429, 431, 503]);

const patterns = new Map<string, RegExp>();

function patternOf(path: string): RegExp {
  let pattern = patterns.get(path);
  if (!pattern) {
    pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    patterns.set(path, pattern);
  }
  return pattern;
}

function checkProblem(status: number, type: string, body: unknown): void {
  const problem = body as Record<string, unknown>;
  const code = problem['code'] as keyof typeof problemCodes;
  const fits =
    type.startsWith('application/problem+json') &&
    problemCodes[code] === status &&
    problem['status'] === status &&
    problem['type'] === `/problems/${code}` &&
    typeof problem['title'] === 'string' &&
    typeof problem['detail'] === 'string' &&
    problem['detail'] !== '';
  if (!fits) throw new Error(`not a problem of RFC 9457: ${String(status)} ${JSON.stringify(body)}`);
}
