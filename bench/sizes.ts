/** How much data a size has; memberships are ten for each user. */
export interface Shape {
  users: number;
  groups: number;
  orgUnits: number;
  membershipsPerUser: number;
  /** Further memberships, of people that the directory does not have. */
  dangling?: number;
}

export interface Size extends Shape {
  name: string;
  /** How often each thing is measured; the tables show medians. */
  runs: number;
  /** How often each peer is; 0: only when it is asked for by name. The slow ones would take the time of all others. */
  peerRuns: { dlt: number; sling: number; meltanolabs: number; pipelinewise: number };
}

const shape = (users: number): Shape => ({
  users,
  groups: users / 10,
  orgUnits: users / 100,
  membershipsPerUser: 10,
});

/** XS is for trying the bench itself; L takes longer than continuous integration has. */
export const sizes = {
  XS: { name: 'XS', ...shape(2_000), runs: 2, peerRuns: { dlt: 1, sling: 1, meltanolabs: 1, pipelinewise: 1 } },
  S: { name: 'S', ...shape(20_000), runs: 3, peerRuns: { dlt: 3, sling: 3, meltanolabs: 1, pipelinewise: 1 } },
  M: { name: 'M', ...shape(200_000), runs: 3, peerRuns: { dlt: 2, sling: 2, meltanolabs: 0, pipelinewise: 0 } },
  L: { name: 'L', ...shape(1_000_000), runs: 1, peerRuns: { dlt: 1, sling: 1, meltanolabs: 0, pipelinewise: 0 } },
} satisfies Record<string, Size>;

export type SizeName = keyof typeof sizes;

/** The eighth of a size: what each of several connectors at once gets. */
export const eighth = (size: Shape): Shape => shape(Math.max(200, Math.floor(size.users / 8 / 200) * 200));
