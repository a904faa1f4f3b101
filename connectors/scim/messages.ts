import { ExactNumber, type Cell, type CellObject } from '../../domain/cell.ts';
import { SyncError } from '../../domain/errors.ts';
import { badBody, placeOf } from '../web/body.ts';
import type { Answer } from '../web/client.ts';
import type { ListItem, ListPage } from '../web/read-list.ts';

/** Messages of SCIM 2.0 (RFC 7644, RFC 9865). */

const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error';

export const member = (cell: Cell | undefined, name: string): Cell | undefined =>
  cell instanceof Map ? (cell as CellObject).get(name) : undefined;

export function textOf(cell: Cell | undefined, name: string): string | undefined {
  const found = member(cell, name);
  return typeof found === 'string' ? found : undefined;
}

export const listOf = (cell: Cell | undefined): readonly Cell[] => (Array.isArray(cell) ? (cell as Cell[]) : []);

/** Whether a body is an error as SCIM writes it. */
export const isError = (json: Cell | undefined): boolean => listOf(member(json, 'schemas')).includes(errorSchema);

/** The types of errors of RFC 7644 and 9865; other texts may hold anything. */
const knownTypes = new Set(
  'invalidFilter tooMany uniqueness mutability invalidSyntax invalidPath noTarget invalidValue invalidVers sensitive expiredCursor invalidCursor invalidCount'.split(
    ' ',
  ),
);

export function errorType(json: Cell | undefined): string | undefined {
  const type = textOf(json, 'scimType');
  return type !== undefined && knownTypes.has(type) ? type : undefined;
}

/** An answer with an error status that the reader cannot use. */
export const refusal = (url: URL, { status, json }: Answer): SyncError => {
  const type = errorType(json);
  return new SyncError(
    'bad-body',
    `${placeOf(url)} answers with status ${String(status)}${type === undefined ? '' : ` (${type})`}. It does not understand the request.`,
  );
};

/** @throws SyncError `bad-body` if the answer is no list of SCIM */
export function listPage(url: URL, { json }: Answer): ListPage {
  if (isError(json)) throw badBody(url, 'answers with an error of SCIM, but says that all is well');
  if (!(json instanceof Map)) throw badBody(url, 'does not answer with a list of SCIM');
  const total = countOf(member(json, 'totalResults'));
  const resources = member(json, 'Resources');
  // services leave the list out if it is empty
  if (!Array.isArray(resources) && !((resources === undefined || resources === null) && total !== undefined))
    throw badBody(url, 'does not answer with a list of SCIM: it has no Resources');
  const next = textOf(json, 'nextCursor');
  return {
    items: listOf(resources).map((each) => resourceOf(url, each)),
    total,
    next: next === '' ? undefined : next,
  };
}

/** @throws SyncError `bad-body` if it is no resource */
export function resourceOf(url: URL, cell: Cell | undefined): ListItem {
  const id = textOf(cell, 'id');
  if (!(cell instanceof Map) || id === undefined || id === '') throw badBody(url, 'has an entry without an id');
  return { id, cell: cell as CellObject };
}

function countOf(cell: Cell | undefined): number | undefined {
  return cell instanceof ExactNumber && /^\d{1,15}$/.test(cell.text) ? Number(cell.text) : undefined;
}
