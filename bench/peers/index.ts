import { dlt } from './dlt.ts';
import type { Peer } from './peer.ts';
import { meltanolabs, pipelinewise } from './singer.ts';
import { sling } from './sling.ts';

export const peerNames = ['dlt', 'sling', 'meltanolabs', 'pipelinewise'] as const;
export type PeerName = (typeof peerNames)[number];

export const peers: Record<PeerName, Peer> = { dlt, sling, meltanolabs, pipelinewise };
