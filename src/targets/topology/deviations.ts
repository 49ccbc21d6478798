import { Deviation, FidelityLevel } from '../fidelity';

/** What the target is called. */
export const TOPOLOGY = 'Topology';

/** What the picture leaves out. `docs/fidelity.md` is written from this table. */
export const TOPOLOGY_DEVIATIONS = {
  fileText: {
    level: FidelityLevel.OMITTED,
    feature: 'text of a config file',
    reason: 'the page lists each config file with its path, and the text is in the output of the other targets',
  },
} satisfies Record<string, Deviation>;
