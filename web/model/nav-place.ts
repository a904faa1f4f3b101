/** Of the entries of the navigation that share addresses, the one that a page belongs to. */
export function navPlace(pathname: string, search: object): 'syncs' | 'held' | 'jobs' | undefined {
  const under = (path: string) => pathname === path || pathname.startsWith(`${path}/`);
  if (under('/jobs') || under('/executions')) return 'jobs';
  if (!under('/syncs')) return undefined;
  return pathname === '/syncs' && (search as { status?: unknown }).status === 'held' ? 'held' : 'syncs';
}
