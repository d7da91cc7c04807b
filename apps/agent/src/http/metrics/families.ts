import type { MetricsSnapshot } from '@m3m/core'
import type { Family, Sample } from './exposition.ts'

/** Upper bounds of the histogram in seconds: Prometheus' own defaults, and the ends of what the front allows. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
/** Class `i` of the run's latencies ends at 0.1·1.25^i ms (run-meter.port.ts). */
const classEndS = (index: number) => (0.1 * 1.25 ** index) / 1_000

type Service = MetricsSnapshot['services'][number]

/** Everything that is measured, by project and route pattern: never by raw path, so that labels stay bounded. */
export function metricFamilies(snapshot: MetricsSnapshot): Family[] {
  return [
    ...agentFamilies(snapshot),
    ...serviceFamilies(snapshot.services),
    ...answerFamilies(snapshot.services),
    ...backgroundFamilies(snapshot.services),
    ...routeFamilies(snapshot.services),
  ]
}

function agentFamilies({ agent, version, node }: MetricsSnapshot): Family[] {
  const one = (value: number | undefined, divisor = 1): Sample[] =>
    value === undefined ? [] : [{ value: value / divisor }]
  return [
    gauge('m3m_agent_info', 'Version of the agent and of its Node.', [
      { labels: { version, node }, value: 1 },
    ]),
    counter('m3m_agent_cpu_seconds_total', 'CPU time of the agent.', one(agent?.cpuMs, 1_000)),
    gauge('m3m_agent_resident_memory_bytes', 'Resident memory of the agent.', one(agent?.rssBytes)),
    gauge('m3m_agent_heap_bytes', 'Heap of the agent in use.', one(agent?.heapBytes)),
    gauge('m3m_agent_event_loop_lag_seconds', 'Longest delay of the last second.', one(agent?.lagMs, 1_000)),
  ]
}

/** One value of every run that lives. */
const ofRuns =
  (services: readonly Service[]) =>
  (pick: (figures: NonNullable<Service['figures']>) => number): Sample[] =>
    services.flatMap(({ slug, figures }) =>
      figures ? [{ labels: { project: slug }, value: pick(figures) }] : [],
    )

/** Whether a service runs, and what it takes. */
function serviceFamilies(services: readonly Service[]): Family[] {
  const of = ofRuns(services)
  const all = (pick: (service: Service) => number) =>
    services.map((service) => ({ labels: { project: service.slug }, value: pick(service) }))
  return [
    gauge(
      'm3m_service_up',
      'Whether the service runs.',
      all(({ state }) => Number(state === 'running')),
    ),
    gauge(
      'm3m_service_state',
      'The state of the service is the one with the value 1.',
      services.map(({ slug, state }) => ({ labels: { project: slug, state }, value: 1 })),
    ),
    counter(
      'm3m_service_restarts_total',
      'Restarts after a crash since the agent started.',
      all(({ restarts }) => restarts),
    ),
    counter(
      'm3m_service_cpu_seconds_total',
      'CPU time of the run.',
      of(({ cpuMs }) => cpuMs / 1_000),
    ),
    gauge(
      'm3m_service_heap_bytes',
      'Heap of the isolate.',
      of(({ heapBytes }) => heapBytes),
    ),
    counter(
      'm3m_service_job_runs_total',
      'Times that scheduled jobs of the run began.',
      of(({ jobRuns }) => jobRuns),
    ),
    counter(
      'm3m_service_limit_passed_total',
      'How often the run passed a limit.',
      services.flatMap(({ slug, figures }) =>
        Object.entries(figures?.limits ?? {}).map(([limit, value]) => ({
          labels: { project: slug, limit },
          value,
        })),
      ),
    ),
  ]
}

/** What services were asked and what they answered. */
function answerFamilies(services: readonly Service[]): Family[] {
  const of = ofRuns(services)
  return [
    gauge(
      'm3m_service_requests_in_flight',
      'Requests that wait for their answer.',
      of(({ inFlight }) => inFlight),
    ),
    counter(
      'm3m_service_requests_total',
      'Requests of the run.',
      of(({ requests }) => requests),
    ),
    counter(
      'm3m_service_errors_total',
      'Answers of the run with a status of 500 and above.',
      of(({ errors }) => errors),
    ),
    counter(
      'm3m_service_responses_total',
      'Answers of the run by class of status.',
      services.flatMap(({ slug, figures }) =>
        (figures?.statusClasses ?? []).map((value, index) => ({
          labels: { project: slug, class: `${index + 2}xx` },
          value,
        })),
      ),
    ),
    counter(
      'm3m_service_received_bytes_total',
      'Bytes of request bodies and of messages on sockets.',
      of(({ bytesIn }) => bytesIn),
    ),
    counter(
      'm3m_service_sent_bytes_total',
      'Bytes of response bodies and of messages on sockets.',
      of(({ bytesOut }) => bytesOut),
    ),
    {
      name: 'm3m_service_request_duration_seconds',
      type: 'histogram',
      help: 'Time from request to answer.',
      samples: services.flatMap(durations),
    },
  ]
}

/** Lengths and sizes. */
function backgroundFamilies(services: readonly Service[]): Family[] {
  return [
    gauge(
      'm3m_service_delayed_tasks',
      'Tasks of delayed.run that wait or run.',
      counted(services, 'delayedTasks'),
    ),
    gauge(
      'm3m_service_database_bytes',
      'Records of the project and their indexes.',
      counted(services, 'databaseBytes'),
    ),
    gauge('m3m_service_storage_bytes', 'Files of the project.', counted(services, 'storageBytes')),
    gauge(
      'm3m_queue_jobs',
      'Durable jobs by state.',
      services.flatMap(({ slug, queue }) =>
        Object.entries(queue).map(([state, value]) => ({ labels: { project: slug, state }, value })),
      ),
    ),
  ]
}

/** What was counted in the background; not told before the first count. */
function counted(services: readonly Service[], name: keyof Service['gauges']): Sample[] {
  return services.flatMap(({ slug, gauges }) => {
    const value = gauges[name]
    return value === null ? [] : [{ labels: { project: slug }, value }]
  })
}

/** The classes of the run, put together into the buckets. The sum is that of the classes' ends, at most 25 % too high. */
function durations({ slug, figures }: Service): Sample[] {
  const classes = figures?.latencyClasses
  if (!classes) return []
  const labels = { project: slug }
  const upTo = (boundS: number) =>
    classes.reduce((sum, count, index) => (classEndS(index) <= boundS ? sum + count : sum), 0)
  const total = classes.reduce((sum, count) => sum + count, 0)
  const sum = classes.reduce((sumS, count, index) => sumS + count * classEndS(index), 0)
  return [
    ...BUCKETS_S.map((bound): Sample => ({
      suffix: '_bucket',
      labels: { ...labels, le: String(bound) },
      value: upTo(bound),
    })),
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: total },
    { suffix: '_sum', labels, value: Number(sum.toFixed(6)) },
    { suffix: '_count', labels, value: total },
  ]
}

function routeFamilies(services: readonly Service[]): Family[] {
  const of = (pick: (route: { hits: number; errors: number }) => number) =>
    services.flatMap(({ slug, figures }) =>
      (figures?.routes ?? []).map((route) => ({
        labels: { project: slug, method: route.method, route: route.pattern },
        value: pick(route),
      })),
    )
  return [
    counter(
      'm3m_route_requests_total',
      'Requests of the run by route pattern.',
      of(({ hits }) => hits),
    ),
    counter(
      'm3m_route_errors_total',
      'Answers with a status of 500 and above, by route pattern.',
      of(({ errors }) => errors),
    ),
  ]
}

const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({
  name,
  type: 'counter',
  help,
  samples,
})
const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
  name,
  type: 'gauge',
  help,
  samples,
})
