export { createOutboundGuard, guardOptionsOf } from './outbound/guard.ts'
export { createHttpClient } from './outbound/http-client.ts'
export { createFront } from './front/create-front.ts'
export { createRequestRecorder } from './front/request-recorder.ts'
export type { RequestRecorder } from './front/request-recorder.ts'
export { createSupervisor } from './supervisor/create-supervisor.ts'
export type { Front, FrontOptions, FrontOrigin } from './front/front.options.ts'
export type {
  JobFigures,
  RouteFigures,
  RunFigures,
  RuntimeSupervisor,
  SupervisorOptions,
} from './supervisor/supervisor.options.ts'
export type {
  ReleaseTag,
  RunEnd,
  RunLimits,
  RunSource,
  RunSpec,
  SourceFile,
  SupervisedRun,
  Supervisor,
} from './supervisor/supervisor.port.ts'
export type { Problem, Stripper } from './tools/tools.contract.ts'
export { createToolPool, createZipStreams, toolErrors } from './tools/index.ts'
export type { ToolPool, ToolPoolOptions, ZipStreams } from './tools/index.ts'
export { createAgentLogs, createRunLogs } from './logs/index.ts'
export type { AgentLogFiles, RunLogFiles } from './logs/index.ts'
export { runtimeErrors } from './runtime.errors.ts'
export { reapProcesses, startTimeOf } from './supervisor/process-file.ts'
export { createServiceReference } from './reference/service-reference.ts'
export type { ReferencePage } from './reference/reference-page.ts'
export type { ServiceReference } from './reference/service-reference.ts'
export { createPluginCatalogue } from './plugins/plugin-catalogue.ts'
export type { PluginCatalogue, PluginInfo } from './plugins/plugin-catalogue.ts'
export { createServiceTypes } from './types/service-types.ts'
export type { ServiceTypes } from './types/service-types.ts'
