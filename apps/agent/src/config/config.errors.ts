import { defineErrors } from '@m3m/base'

/** What may be wrong with config.yaml and `M3M_*`. Each text begins with the place, as a compiler does. */
export const configErrors = defineErrors({
  CONFIG_INVALID: {
    blame: 'host',
    status: 500,
    text: (p: { problems: readonly string[] }) => p.problems.join('\n'),
  },
  CONFIG_UNREADABLE: {
    blame: 'host',
    status: 500,
    text: (p: { file: string; reason: string }) =>
      `${p.file}: cannot be read (${p.reason}). Check the path given with -c and the file's permissions.`,
  },
  CONFIG_WEAK_SECRET: {
    blame: 'host',
    status: 500,
    text: (p: { place: string; reason: string; file: string }) =>
      `${p.place}: jwt.secret is weak: ${p.reason}. Anyone who guesses it signs in as root. ` +
      `Remove the key (a random secret is then made at first start and kept in ${p.file}), ` +
      `or set at least 32 random characters, for example the output of: openssl rand -base64 48`,
  },
  CONFIG_SECRET_FILE: {
    blame: 'host',
    status: 500,
    text: (p: { file: string; reason: string }) =>
      `${p.file}: the file of the sign-in secret cannot be used (${p.reason}). ` +
      `Make it readable by the agent's user only (chmod 600), or delete it: a new one is made and everyone signs in again.`,
  },
  CONFIG_KEY_FILE: {
    blame: 'host',
    status: 500,
    text: (p: { file: string; reason: string }) =>
      `${p.file}: the key file of the secrets cannot be used (${p.reason}). ` +
      'Put back the file this agent was set up with; without it, stored secrets cannot be read. ' +
      'Only if there are none worth keeping, delete it: a new one is made.',
  },
})
