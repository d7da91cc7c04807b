/** Who makes a change; kept in revisions and events. */
export type Actor =
  | { kind: 'operator'; id: string; name: string }
  /** `source` as in `release:1.2` or `debug:develop`. */
  | { kind: 'service'; source: string }
  | { kind: 'apiKey'; id: string }
