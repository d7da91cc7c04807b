import { defineErrors } from '@m3m/base'

/** Why a run could not start, was limited, or ended; and what host calls answer in general. */
export const runtimeErrors = defineErrors({
  RUN_BOOT_FAILED: {
    blame: 'user',
    status: 422,
    text: (p: { phase: string; message: string }) => `The service failed in its ${p.phase}: ${p.message}`,
  },
  RUN_CODE_INVALID: {
    blame: 'user',
    status: 422,
    text: (p: { message: string }) => `The code does not compile: ${p.message}`,
  },
  RUN_ENTRY_MISSING: {
    blame: 'user',
    status: 422,
    text: (p: { entry: string }) => `There is no file "${p.entry}" to start with; add it or rename one.`,
  },
  RUN_BOOT_TIMEOUT: {
    blame: 'user',
    status: 504,
    text: (p: { phase: string; limitMs: number }) =>
      `The service's ${p.phase} took more than ${p.limitMs} ms; move slow work into start callbacks or jobs.`,
  },
  RUN_MEMORY_LIMIT: {
    blame: 'user',
    status: 503,
    text: (p: { limitMb: number }) =>
      `The service used more than its ${p.limitMb} MB of memory; hold less at once, or raise its limit in the project's settings.`,
  },
  RUN_CPU_LIMIT: {
    blame: 'user',
    status: 503,
    text: (p: { limitMs: number }) =>
      `The service computed for more than ${p.limitMs} ms without a pause and could not be interrupted; split the work.`,
  },
  RUN_RUNNER_DIED: {
    blame: 'user',
    status: 503,
    text: (p: { reason: string }) => `The process of the service ended: ${p.reason}.`,
  },
  RUN_SUSPECTED: {
    blame: 'user',
    status: 503,
    text: (p: { reason: string }) =>
      `The service was being executed when the process it shared with others ended (${p.reason}); it has a process of its own until it has run cleanly for 10 minutes, or for good when there is no doubt or it happens again.`,
  },
  RUN_DISPLACED: {
    blame: 'host',
    status: 503,
    text: (p: { reason: string }) =>
      `Another service ended the process that this one shared (${p.reason}); it was started again in a fresh one.`,
  },
  RUN_OVER: {
    blame: 'host',
    status: 503,
    text: (p: { runId?: string }) => `The run${p.runId ? ` ${p.runId}` : ''} is over.`,
  },
  RUN_BREACH: {
    blame: 'bug',
    status: 503,
    text: (p: { what: string }) => `The runner broke the protocol (${p.what}) and was ended.`,
  },
  RUN_START_FAILED: {
    blame: 'host',
    status: 503,
    text: (p: { reason: string }) => `No runner process could be started: ${p.reason}.`,
  },
  SERVICE_WOULD_WAIT_FOR_ITSELF: {
    blame: 'user',
    status: 500,
    text: (p: { call: string }) =>
      `"$${p.call}" would wait for this service, which stands still until it answers; use "await ${p.call}" instead.`,
  },
  SERVICE_CALL_TIMEOUT: {
    blame: 'user',
    status: 504,
    text: (p: { call: string; limitMs: number }) => `"${p.call}" did not answer within ${p.limitMs} ms.`,
  },
  SERVICE_CALL_UNKNOWN: {
    blame: 'user',
    status: 500,
    text: (p: { call: string }) => `There is no "${p.call}".`,
  },
  SERVICE_HANDLER_TIMEOUT: {
    blame: 'user',
    status: 504,
    text: (p: { what: string; limitMs: number }) =>
      `${p.what} took more than ${p.limitMs} ms and was given up.`,
  },
  SERVICE_IMPORT_TIMEOUT: {
    blame: 'user',
    status: 504,
    text: (p: { path: string; limitMs: number }) =>
      `"${p.path}", or a file it imports, computed for more than ${p.limitMs} ms while it was imported and was cut off; move the work into a function it exports.`,
  },
  SERVICE_ARGUMENT_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { call: string; expected: string }) => `"${p.call}" expects ${p.expected}.`,
  },
  SERVICE_LIMIT_REACHED: {
    blame: 'user',
    status: 429,
    text: (p: { what: string; limit: number }) => `The limit of ${p.limit} ${p.what} is reached.`,
  },
  RUNTIME_INTERNAL: {
    blame: 'bug',
    status: 500,
    text: (p: { call: string }) => `"${p.call}" failed inside m3m; the agent's log has the details.`,
  },
})
