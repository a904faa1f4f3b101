import { z } from 'zod';
import { problemCodes, type ProblemCode } from '../../domain/codes.ts';
import { problemAdvice } from '../problem-advice.ts';
import { notFound, titles } from '../problems.ts';
import { route } from '../route.ts';

const explanationSchema = z
  .object({
    type: z.string(),
    code: z.enum(Object.keys(problemCodes) as [ProblemCode]),
    title: z.string(),
    status: z.int(),
    advice: z.string().describe('What to do'),
  })
  .meta({ id: 'ProblemExplanation' });

const explain = (code: ProblemCode): z.output<typeof explanationSchema> => ({
  type: `/problems/${code}`,
  code,
  title: titles[code],
  status: problemCodes[code],
  advice: problemAdvice[code],
});

export const problemsRoute = route({
  method: 'get',
  path: '/problems',
  tag: 'operation',
  summary: 'All problems, each with what to do',
  answers: {
    200: { description: 'All of them', schema: z.object({ items: z.array(explanationSchema), nextCursor: z.null() }) },
  },
  handle: () => {
    const items = Object.keys(problemCodes).map((code) => explain(code as ProblemCode));
    return Promise.resolve({ status: 200, body: { items, nextCursor: null } });
  },
});

export const problemRoute = route({
  method: 'get',
  path: '/problems/{code}',
  tag: 'operation',
  summary: 'The meaning of a problem and what to do; `type` of a problem is this address',
  description: 'A page for browsers, JSON for other clients.',
  params: { code: z.string() },
  answers: { 200: { description: 'The problem', schema: explanationSchema } },
  problems: [404],
  handle({ params: { code }, request }) {
    if (!Object.hasOwn(problemCodes, code)) throw notFound(`There is no problem ${code}; GET /problems lists them.`);
    const explanation = explain(code as ProblemCode);
    if (request.accepts(['json', 'html']) !== 'html') return Promise.resolve({ status: 200, body: explanation });
    const headers = { 'content-type': 'text/html; charset=utf-8' };
    return Promise.resolve({ status: 200, body: pageOf(explanation), headers });
  },
});

/** The texts are constants: none of them needs to be escaped. */
const pageOf = ({ code, title, status, advice }: z.output<typeof explanationSchema>) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>${title}</title>
  </head>
  <body>
    <h1>${title}</h1>
    <p>Code <code>${code}</code>, status ${String(status)}.</p>
    <p>What to do: ${advice.replaceAll(/`([^`]*)`/g, '<code>$1</code>')}.</p>
  </body>
</html>
`;
