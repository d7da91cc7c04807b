/** The way to the agent: whether it answers, and whether it speaks this panel's language. */
export const connection = {
  connection: {
    lost: 'The agent cannot be reached.',
    lostHint: 'What you typed is kept here. The panel goes on by itself when the agent is back.',
    askNow: 'Ask now',
  },
  skew: {
    older:
      'This agent (m3m {{version}}) is older than the panel. What it lacks is greyed; update the agent to use it.',
    newer:
      'This agent (m3m {{version}}) is newer than this app. Update the app: what is new in the agent is not shown here.',
    updated: 'The agent was updated to m3m {{version}}. Reload the panel to use it; your drafts are kept.',
    reload: 'Reload panel',
    lacks: 'This agent does not have this yet: it is older than the panel. Update the agent.',
  },
} as const
