interface Group {
  code: string;
  errors: number;
  firstSeen: string;
  lastSeen: string;
}

export interface CodeGroup<Of extends Group> extends Group {
  groups: Of[];
}

const mostFirst = (a: Group, b: Group) => b.errors - a.errors || (a.code < b.code ? -1 : 1);

/** Groups of one code together, the code with the most errors first, and so within it. */
export function byCode<Of extends Group>(groups: readonly Of[]): CodeGroup<Of>[] {
  const codes = new Map<string, CodeGroup<Of>>();
  for (const group of groups) {
    const { code, errors, firstSeen, lastSeen } = group;
    const known = codes.get(code);
    codes.set(code, {
      code,
      errors: errors + (known?.errors ?? 0),
      firstSeen: known && known.firstSeen < firstSeen ? known.firstSeen : firstSeen,
      lastSeen: known && known.lastSeen > lastSeen ? known.lastSeen : lastSeen,
      groups: [...(known?.groups ?? []), group],
    });
  }
  return [...codes.values()]
    .sort(mostFirst)
    .map((code) => ({ ...code, groups: [...code.groups].sort((a, b) => b.errors - a.errors) }));
}
