/** How somebody who acts on syncs is called on the screen. Logins bring names of their own. */
const names: Record<string, string> = { 'user:local': 'local user', system: 'Syncline', temporal: 'Temporal' };

export const nameOf = (by: string): string => names[by] ?? by;
