import { QueryClient } from '@tanstack/react-query';
import { isAway } from './problem.ts';

const whileAway = 5_000;

/** What is on the screen is asked again while the page is visible; hidden tabs ask nothing. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // a wrong request stays wrong; one that nobody answered is repeated
      retry: (failures, error) => isAway(error) && failures < 2,
      retryDelay: 1_000,
      // no event says that what was away is back
      refetchInterval: ({ state }) => (isAway(state.error) ? whileAway : false),
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
