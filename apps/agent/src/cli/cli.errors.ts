import { defineErrors } from '@m3m/base'

/** What may be wrong with a command line, or with the machine a command runs on. */
export const cliErrors = defineErrors({
  CLI_USAGE: {
    blame: 'user',
    status: 400,
    text: (p: { reason: string; usage: string }) => `${p.reason}\nUsage: m3m-agent ${p.usage}`,
  },
  CLI_NO_SYSTEMD: {
    blame: 'host',
    status: 501,
    text: (p: { reason: string }) =>
      `install-service needs systemd: ${p.reason}. See the unit with "m3m-agent install-service --print", ` +
      `or let your own supervisor run "m3m-agent serve" and restart it when it ends.`,
  },
  CLI_SERVICE_FAILED: {
    blame: 'host',
    status: 500,
    text: (p: { command: string; reason: string }) =>
      `"${p.command}" failed: ${p.reason}. Run the command by hand to see more; a system unit needs root (sudo), --user makes one without.`,
  },
  CLI_NO_PROJECT: {
    blame: 'user',
    status: 404,
    text: (p: { slug: string }) =>
      `This agent has no project with the slug "${p.slug}"; it stands in the address of its pages: /projects/{slug}.`,
  },
  CLI_FILE_EXISTS: {
    blame: 'user',
    status: 409,
    text: (p: { file: string }) => `"${p.file}" exists. Name another file.`,
  },
  CLI_NO_FILE: {
    blame: 'user',
    status: 404,
    text: (p: { file: string }) => `There is no file "${p.file}". Check its path.`,
  },
})
