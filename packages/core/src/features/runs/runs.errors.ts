import { defineErrors } from '@m3m/base'

export const runsErrors = defineErrors({
  RUNS_SUPERSEDED: {
    blame: 'user',
    status: 409,
    text: (p: { source: string }) => `The start of ${p.source} was cut off by a stop.`,
  },
  RUNS_NOTHING_TO_RESTART: {
    blame: 'user',
    status: 409,
    text: (_: object) => 'Nothing runs here and nothing ran before. Start a release or a branch.',
  },
  RUNS_SHUTTING_DOWN: {
    blame: 'host',
    status: 503,
    text: (_: object) => 'The agent is shutting down. What should run starts again with it.',
  },
  RUNS_NO_RUN: {
    blame: 'user',
    status: 404,
    text: (p: { runId: string }) => `This project has no run ${p.runId}.`,
  },
  RUNS_ENDED_ITSELF: {
    blame: 'host',
    status: 500,
    text: (_: object) => 'The run ended without being stopped.',
  },
  RUNS_AGENT_KILLED: {
    blame: 'host',
    status: 500,
    text: (_: object) => 'The agent ended without a shutdown while this was running.',
  },
})
