import { defineErrors } from '@m3m/base'

/** What the agent's own HTTP routes and its listening answer. */
export const httpErrors = defineErrors({
  HTTP_FOREIGN_ORIGIN: {
    blame: 'user',
    status: 403,
    text: (p: { origin: string }) =>
      `Pages of ${p.origin} may not use this agent. Open the panel at its own address, or add the origin to server.panelOrigins.`,
  },
  HTTP_NOT_FROM_PANEL: {
    blame: 'user',
    status: 403,
    text: (p: { path: string }) =>
      `${p.path} answers the panel's own page only (its exact Origin and an x-m3m header).`,
  },
  HTTP_NO_ROUTE: {
    blame: 'user',
    status: 404,
    text: (p: { method: string; path: string }) => `There is nothing at ${p.method} ${p.path}.`,
  },
  HTTP_BODY: {
    blame: 'user',
    status: 400,
    text: (p: { reason: string }) => `The request could not be read: ${p.reason}.`,
  },
  HTTP_DISK_FULL: {
    blame: 'host',
    status: 507,
    text: (_: object) =>
      'The disk of the agent is full; nothing was changed. Make room on its machine and try again.',
  },
  HTTP_TICKET: {
    blame: 'user',
    status: 401,
    text: (_: object) =>
      'This address has expired or was not made by this agent. Open it from the panel again.',
  },
  HTTP_FILE_LINK: {
    blame: 'user',
    status: 404,
    text: (_: object) => 'There is no such file link. Ask whoever gave it to you for a new one.',
  },
  HTTP_FILE_LINK_ENDED: {
    blame: 'user',
    status: 403,
    text: (_: object) => 'This file link has expired. Ask whoever gave it to you for a new one.',
  },
  HTTP_NO_PREVIEW: {
    blame: 'user',
    status: 415,
    text: (p: { path: string; type: string }) =>
      `"${p.path}" is ${p.type}, of which no small picture is made; download it instead.`,
  },
  HTTP_NO_LOG: {
    blame: 'user',
    status: 404,
    text: (p: { runId: string }) =>
      `There is no log of the run ${p.runId}; logs are cleared when a newer version starts.`,
  },
  HTTP_PORT_TAKEN: {
    blame: 'host',
    status: 503,
    text: (p: { host: string; port: number; key: string }) =>
      `Port ${p.port} of ${p.host} is taken by another program (or another m3m-agent). ` +
      `Stop that one, or set ${p.key} in config.yaml (M3M_${p.key
        .replaceAll(/([A-Z])/g, '_$1')
        .replace('.', '_')
        .toUpperCase()}).`,
  },
  HTTP_CANNOT_LISTEN: {
    blame: 'host',
    status: 503,
    text: (p: { host: string; port: number; key: string; reason: string }) =>
      `Cannot listen on port ${p.port} of ${p.host} (${p.reason}). Check server.host and ${p.key} in config.yaml.`,
  },
  TLS_UNUSABLE: {
    blame: 'host',
    status: 503,
    text: (p: { file: string; reason: string }) =>
      `The TLS file ${p.file} cannot be used (${p.reason}). server.tls takes PEM files of one certificate and its key, or auto, or off.`,
  },
})
