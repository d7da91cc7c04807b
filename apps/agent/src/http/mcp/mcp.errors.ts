import { defineErrors } from '@m3m/base'

/** What the assistants' door answers itself; the rest are the errors of what it asks. */
export const mcpErrors = defineErrors({
  MCP_METHOD: {
    blame: 'user',
    status: 405,
    text: (p: { method: string }) =>
      `This MCP endpoint has no sessions and no stream: ${p.method} has nothing to do here. Send each message as POST.`,
  },
  MCP_NO_MODULE: {
    blame: 'user',
    status: 404,
    text: (p: { module: string; known: string }) =>
      `There is no module "${p.module}". There are: ${p.known}.`,
  },
  MCP_NO_MEMBER: {
    blame: 'user',
    status: 404,
    text: (p: { module: string; member: string; known: string }) =>
      `The module "${p.module}" has no member "${p.member}". It has: ${p.known}.`,
  },
})
