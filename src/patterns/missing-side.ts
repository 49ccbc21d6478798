import type { Construct } from 'constructs';
import { Warnings } from '../model/warnings';
import type { IServer } from '../servers/server';

/** One side of a channel: those who give to it, or those who take from it. */
interface Side {
  /** Who is on it, as in `no-sender`. */
  readonly who: string;
  /** The method by which somebody comes onto it. */
  readonly method: string;
  /** What comes of it when nobody is. */
  readonly consequence: string;
  readonly isThere: () => boolean;
}

/** Warns of a channel on whose one side nobody is. An external server is no reason, as other applications may be on it. */
export function warnOfMissingSide(channel: Construct, { endpoint }: IServer, sides: [Side, Side]): void {
  if (!endpoint.workload) return;
  const warnings = Warnings.of(channel);
  channel.node.addValidation({
    validate: () => {
      const missing = sides.filter(side => !side.isThere());
      if (missing.length === 2) warnings.add('unused', `has no ${sides[0].who} and no ${sides[1].who}; call '${sides[0].method}' and '${sides[1].method}', or remove it`);
      if (missing.length === 1) warnings.add(`no-${missing[0].who}`, `has no ${missing[0].who}, so ${missing[0].consequence}; call '${missing[0].method}'`);
      return [];
    },
  });
}
