/** The phases a service passes, in order; the host enters `service.<phase>`. */
export const PHASES = ['boot', 'start', 'shutdown'] as const
export type Phase = (typeof PHASES)[number]

/** Milliseconds the callbacks of a phase may take together (runtime-api.md "Lifecycle": 30 s each phase). */
export const PHASE_LIMIT_MS = 30_000
