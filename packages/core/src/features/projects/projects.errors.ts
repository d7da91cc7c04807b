import { defineErrors } from '@m3m/base'

export const projectErrors = defineErrors({
  PROJECT_SLUG_TAKEN: {
    blame: 'user',
    status: 409,
    text: (p: { slug: string }) => `The slug "${p.slug}" is taken; choose another.`,
  },
  PROJECT_NAME_NOT_CONFIRMED: {
    blame: 'user',
    status: 400,
    text: (p: { name: string }) =>
      `To delete this project type its name, "${p.name}", exactly (confirmName).`,
  },
  PROJECT_LIMIT_BOUND: {
    blame: 'user',
    status: 400,
    text: (p: { limit: string; min: number; max: number }) =>
      `The limit ${p.limit} of a project is from ${p.min} to ${p.max} on this agent (runtime.maxLimits in config.yaml).`,
  },
  PROJECT_OUTBOUND_ROOT: {
    blame: 'user',
    status: 403,
    text: (_: object) =>
      'Only root changes what a service may reach inside the network; ask them to set it in Settings, Outbound.',
  },
  PROJECT_ALREADY_MEMBER: {
    blame: 'user',
    status: 409,
    text: (p: { email: string }) => `${p.email} is a member already; change the role instead.`,
  },
  PROJECT_NO_OPERATOR: {
    blame: 'user',
    status: 404,
    text: (p: { email: string }) =>
      `There is no operator ${p.email} on this agent. A user manager can add one.`,
  },
  PROJECT_NO_MEMBER: {
    blame: 'user',
    status: 404,
    text: (p: { userId: string }) => `The operator ${p.userId} is no member of this project.`,
  },
  PROJECT_LAST_OWNER: {
    blame: 'user',
    status: 409,
    text: (_: object) => 'A project keeps at least one owner. Make somebody else an owner first.',
  },
  PROJECT_NO_API_KEY: {
    blame: 'user',
    status: 404,
    text: (p: { keyId: string }) => `This project has no API key ${p.keyId}.`,
  },
  PROJECT_TOO_MANY_API_KEYS: {
    blame: 'user',
    status: 409,
    text: (p: { max: number }) =>
      `A project has at most ${p.max} API keys; revoke one that is not used any more.`,
  },
})
