import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../client.ts';

/** Who looks at the page. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => ask(api.GET('/v1/me', { signal })),
  staleTime: 300_000,
});
